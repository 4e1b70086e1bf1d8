// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "app/core/id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How long conversations are kept, and what keeps them longer. Values and one pure decision; any thread.
namespace tramontane {

/// What a rule does with a conversation that nobody has changed for as long as it says: into the bin, or gone for good.
enum class RetentionAction { Delete, Erase };
[[nodiscard]] std::string_view retentionActionName(RetentionAction action) noexcept; // "delete", "erase"
[[nodiscard]] std::optional<RetentionAction> retentionActionFromName(std::string_view name) noexcept;

struct RetentionRule {
    RetentionRuleId id;
    FolderId folder; // null: for everything that no folder's own rule is for
    int days = 0;    // 1 to 36500, counted from the last change of the conversation
    RetentionAction action = RetentionAction::Delete;
};

/// A legal hold: what it is on can be neither deleted nor erased, by nobody and no rule. Exactly one of `conversation` and
/// `folder` is set; one on a folder is on everything below it.
struct Hold {
    HoldId id;
    ConversationId conversation;
    FolderId folder;
    std::string reason;
    std::string setBy; // the account's name
    std::int64_t setMs = 0;
};

/// What this machine's policy and the person's settings say.
struct RetentionLimits {
    static constexpr int kDefaultBinDays = 30;

    /// How long what was deleted can be had back; 0: until the next run.
    int binDays = kDefaultBinDays;
    /// For what no rule is for; 0: it is kept.
    int days = 0;
    RetentionAction action = RetentionAction::Delete;
    /// No rule may keep anything longer than `days`.
    bool binding = false;
};

/// What is known of one conversation.
struct RetentionCandidate {
    ConversationId id;
    FolderId folder;
    std::int64_t updatedMs = 0;
    std::optional<std::int64_t> deletedMs; // in the bin since then
};

/// Everything that a run looks at, read in one moment.
struct RetentionFacts {
    std::vector<RetentionCandidate> conversations;
    std::vector<Folder> folders;
    std::vector<RetentionRule> rules;
    std::vector<Hold> holds;
};

struct RetentionPlan {
    struct Kept {
        ConversationId conversation;
        HoldId hold;
    };
    std::vector<ConversationId> toDelete; // into the bin
    std::vector<ConversationId> toErase;  // by a rule
    std::vector<ConversationId> toEmpty;  // out of the bin, for good
    std::vector<Kept> kept;               // would have gone, but for a hold
};

/// What is due at `nowMs`. The rule of the nearest folder upwards counts, then the rule for everything, then the limits.
/// What lies in the bin goes after the time of the bin, or when a rule erases it. A hold on the conversation or on any
/// folder above it keeps it.
[[nodiscard]] RetentionPlan planRetention(const RetentionFacts &facts, const RetentionLimits &limits,
                                          std::int64_t nowMs);

/// What a run did, or would do.
struct RetentionReport {
    enum class Cause { Asked, Opening, Daily };
    struct Failure {
        ConversationId conversation;
        std::string error; // its name, "NO_SPACE"
    };
    std::int64_t ranMs = 0;
    Cause cause = Cause::Asked;
    bool dryRun = false;
    RetentionPlan plan; // of a run: what went
    std::vector<Failure> failed;

    [[nodiscard]] bool empty() const
    {
        return plan.toDelete.empty() && plan.toErase.empty() && plan.toEmpty.empty() && plan.kept.empty()
               && failed.empty();
    }
};
[[nodiscard]] std::string_view retentionCauseName(RetentionReport::Cause cause) noexcept; // "asked", "opening", "daily"

} // namespace tramontane
