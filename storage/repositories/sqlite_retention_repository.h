// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/retention_repository.h"
#include "app/core/clock.h"
#include "storage/repositories/vault_database.h"

#include <string>

namespace tramontane {

/// Holds, rules and reports in vault.db. `database` and `clock` must outlive it.
class SqliteRetentionRepository final : public RetentionRepository {
public:
    /// `account`: who sets holds.
    SqliteRetentionRepository(VaultDatabase &database, std::string account, const Clock &clock)
        : m_database(database), m_account(std::move(account)), m_clock(clock)
    {
    }

    [[nodiscard]] Async<Hold> setHold(ConversationId conversation, FolderId folder, std::string reason) override;
    [[nodiscard]] Async<std::vector<Hold>> holds() override;
    [[nodiscard]] Async<Hold> releaseHold(HoldId hold) override;
    [[nodiscard]] Async<RetentionRule> setRule(FolderId folder, int days, RetentionAction action) override;
    [[nodiscard]] Async<std::vector<RetentionRule>> rules() override;
    [[nodiscard]] Async<RetentionRule> removeRule(RetentionRuleId rule) override;
    [[nodiscard]] Async<RetentionFacts> facts() override;
    [[nodiscard]] Async<void> storeReport(RetentionReport report) override;
    [[nodiscard]] Async<std::vector<RetentionReport>> reports(int limit) override;

private:
    VaultDatabase &m_database;
    const std::string m_account;
    const Clock &m_clock;
};

} // namespace tramontane
