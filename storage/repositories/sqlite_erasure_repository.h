// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/erasure_repository.h"
#include "storage/repositories/vault_database.h"

#include <memory>

namespace tramontane {

/// The bin and erasures in vault.db. `database` must outlive it.
class SqliteErasureRepository final : public ErasureRepository {
public:
    explicit SqliteErasureRepository(VaultDatabase &database) : m_database(database) {}

    [[nodiscard]] Async<void> moveToBin(std::vector<ConversationId> conversations, std::int64_t nowMs) override;
    [[nodiscard]] Async<void> restoreFromBin(std::vector<ConversationId> conversations) override;
    [[nodiscard]] Async<std::vector<Conversation>> bin(int limit, int offset) override;
    [[nodiscard]] Async<ErasureScope> scope(ErasureRequest request) override;
    [[nodiscard]] Async<ErasureScope> erase(ErasureRequest request) override;
    [[nodiscard]] Async<void> cleanUp() override;
    [[nodiscard]] Async<std::vector<UnfinishedErasure>> unfinished() override;
    [[nodiscard]] Async<void> settle(AttemptId attempt) override;
    [[nodiscard]] Async<std::vector<ErasedRef>> registered() override;

private:
    VaultDatabase &m_database;
};

} // namespace tramontane
