// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/retention.h"

#include <string>
#include <vector>

namespace tramontane {

/// Legal holds, retention rules and reports in vault.db. Every call may be made from any thread and returns at once. Errors
/// of every call: those of ConversationRepository; NotFound for an id that is not there. After any error nothing of that
/// call is stored.
class RetentionRepository {
public:
    virtual ~RetentionRepository() = default;

    /// Stores the hold with an id, the account and the time of its own; exactly one of `conversation` and `folder` is not
    /// null. Errors: InvalidArgument (neither or both, a reason that is empty or longer than 1000 bytes).
    [[nodiscard]] virtual Async<Hold> setHold(ConversationId conversation, FolderId folder, std::string reason) = 0;
    /// Oldest first.
    [[nodiscard]] virtual Async<std::vector<Hold>> holds() = 0;
    /// The hold as it was.
    [[nodiscard]] virtual Async<Hold> releaseHold(HoldId hold) = 0;

    /// Takes the place of the rule for the same folder. Errors: InvalidArgument (days out of bounds).
    [[nodiscard]] virtual Async<RetentionRule> setRule(FolderId folder, int days, RetentionAction action) = 0;
    [[nodiscard]] virtual Async<std::vector<RetentionRule>> rules() = 0;
    [[nodiscard]] virtual Async<RetentionRule> removeRule(RetentionRuleId rule) = 0;

    /// Everything that planRetention() needs, read at one moment.
    [[nodiscard]] virtual Async<RetentionFacts> facts() = 0;
    /// Keeps the newest 1000 reports.
    [[nodiscard]] virtual Async<void> storeReport(RetentionReport report) = 0;
    /// Newest first.
    [[nodiscard]] virtual Async<std::vector<RetentionReport>> reports(int limit) = 0;
};

} // namespace tramontane
