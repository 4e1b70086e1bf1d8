// SPDX-License-Identifier: Apache-2.0
#include "app/core/retention.h"

#include <algorithm>
#include <map>

namespace tramontane {

namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr int kDeepest = 64; // a damaged chain of folders that goes in a circle ends here

struct Due {
    int days = 0; // 0: never
    RetentionAction action = RetentionAction::Delete;
};

/// The facts, so that one conversation is looked at without going through all of them.
class Lookup {
public:
    Lookup(const RetentionFacts &facts, const RetentionLimits &limits) : m_limits(limits)
    {
        for (const Folder &folder : facts.folders)
            m_parents[folder.id] = folder.parent;
        for (const RetentionRule &rule : facts.rules)
            m_rules[rule.folder] = &rule;
        for (const Hold &hold : facts.holds)
            (hold.folder.isNull() ? m_held.try_emplace(hold.conversation.uuid(), hold.id)
                                  : m_held.try_emplace(hold.folder.uuid(), hold.id));
    }

    [[nodiscard]] Due dueOf(const RetentionCandidate &candidate) const
    {
        const RetentionRule *rule = ruleFor(candidate.folder);
        Due due = rule ? Due{rule->days, rule->action} : Due{m_limits.days, m_limits.action};
        if (m_limits.binding && m_limits.days > 0 && due.days > m_limits.days)
            due.days = m_limits.days;
        return due;
    }

    [[nodiscard]] std::optional<HoldId> holdOn(const RetentionCandidate &candidate) const
    {
        if (const auto held = m_held.find(candidate.id.uuid()); held != m_held.end())
            return held->second;
        FolderId folder = candidate.folder;
        for (int depth = 0; !folder.isNull() && depth < kDeepest; ++depth) {
            if (const auto held = m_held.find(folder.uuid()); held != m_held.end())
                return held->second;
            folder = parentOf(folder);
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] FolderId parentOf(FolderId folder) const
    {
        const auto found = m_parents.find(folder);
        return found == m_parents.end() ? FolderId() : found->second;
    }

    [[nodiscard]] const RetentionRule *ruleFor(FolderId folder) const
    {
        for (int depth = 0; !folder.isNull() && depth < kDeepest; ++depth) {
            if (const auto found = m_rules.find(folder); found != m_rules.end())
                return found->second;
            folder = parentOf(folder);
        }
        const auto general = m_rules.find(FolderId());
        return general == m_rules.end() ? nullptr : general->second;
    }

    const RetentionLimits &m_limits;
    std::map<FolderId, FolderId> m_parents;
    std::map<FolderId, const RetentionRule *> m_rules;
    std::map<Uuid, HoldId> m_held;
};

bool isOlder(std::int64_t sinceMs, int days, std::int64_t nowMs)
{
    return nowMs - sinceMs >= days * kDayMs;
}

} // namespace

std::string_view retentionActionName(RetentionAction action) noexcept
{
    return action == RetentionAction::Erase ? "erase" : "delete";
}

std::optional<RetentionAction> retentionActionFromName(std::string_view name) noexcept
{
    if (name == "delete")
        return RetentionAction::Delete;
    return name == "erase" ? std::optional(RetentionAction::Erase) : std::nullopt;
}

std::string_view retentionCauseName(RetentionReport::Cause cause) noexcept
{
    switch (cause) {
    case RetentionReport::Cause::Opening: return "opening";
    case RetentionReport::Cause::Daily: return "daily";
    case RetentionReport::Cause::Asked: break;
    }
    return "asked";
}

RetentionPlan planRetention(const RetentionFacts &facts, const RetentionLimits &limits, std::int64_t nowMs)
{
    const Lookup lookup(facts, limits);
    RetentionPlan plan;
    for (const RetentionCandidate &candidate : facts.conversations) {
        const Due due = lookup.dueOf(candidate);
        const bool byRule = due.days > 0 && isOlder(candidate.updatedMs, due.days, nowMs);
        const bool fromBin = candidate.deletedMs && isOlder(*candidate.deletedMs, limits.binDays, nowMs);
        std::vector<ConversationId> *fate = nullptr;
        if (byRule && due.action == RetentionAction::Erase)
            fate = &plan.toErase;
        else if (fromBin)
            fate = &plan.toEmpty;
        else if (byRule && !candidate.deletedMs)
            fate = &plan.toDelete;
        if (!fate)
            continue;
        if (const auto hold = lookup.holdOn(candidate))
            plan.kept.push_back({candidate.id, *hold});
        else
            fate->push_back(candidate.id);
    }
    return plan;
}

} // namespace tramontane
