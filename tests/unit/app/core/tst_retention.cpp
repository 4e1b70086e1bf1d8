// SPDX-License-Identifier: Apache-2.0
// The matrix of age, folder and hold: what a run takes, and what it leaves.
#include "app/core/retention.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace tramontane;

namespace {

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;
constexpr std::int64_t kNow = 1000 * kDay;

enum class Fate { Stays, Deleted, Erased, Emptied, Kept };

Fate fateOf(const RetentionPlan &plan, ConversationId id)
{
    const auto in = [&](const std::vector<ConversationId> &ids) { return std::ranges::find(ids, id) != ids.end(); };
    if (std::ranges::any_of(plan.kept, [&](const auto &kept) { return kept.conversation == id; }))
        return Fate::Kept;
    if (in(plan.toErase))
        return Fate::Erased;
    if (in(plan.toEmpty))
        return Fate::Emptied;
    return in(plan.toDelete) ? Fate::Deleted : Fate::Stays;
}

} // namespace

class TestRetention : public QObject {
    Q_OBJECT
private:
    // top (rule: 30 days, delete) / inner (rule: 10 days, erase) / deep (no rule); aside has none.
    const FolderId m_top = FolderId::make(1);
    const FolderId m_inner = FolderId::make(2);
    const FolderId m_deep = FolderId::make(3);
    const FolderId m_aside = FolderId::make(4);

    RetentionFacts facts() const
    {
        RetentionFacts facts;
        facts.folders = {{m_top, {}, "top", 0},
                         {m_inner, m_top, "inner", 0},
                         {m_deep, m_inner, "deep", 0},
                         {m_aside, {}, "aside", 0}};
        facts.rules = {{RetentionRuleId::make(1), m_top, 30, RetentionAction::Delete},
                       {RetentionRuleId::make(2), m_inner, 10, RetentionAction::Erase}};
        return facts;
    }

private Q_SLOTS:
    void ageFolderHold_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("age");
        QTest::addColumn<int>("inBin"); // days; -1: not there
        QTest::addColumn<QString>("hold");
        QTest::addColumn<int>("fate");
        const std::map<QString, int> due{{"top", 30}, {"inner", 10}, {"deep", 10}, {"aside", 0}, {"none", 0}};
        for (const auto &[folder, days] : due) {
            for (const int age : {0, 9, 10, 29, 30, 400}) {
                for (const int inBin : {-1, 0, 4, 5, 400}) {
                    for (const QString hold : {"no", "conversation", "folder", "top"}) {
                        const bool byRule = days > 0 && age >= days;
                        const bool erases = folder == "inner" || folder == "deep";
                        Fate fate = Fate::Stays;
                        if (byRule && erases)
                            fate = Fate::Erased;
                        else if (inBin >= 5)
                            fate = Fate::Emptied;
                        else if (byRule && inBin < 0)
                            fate = Fate::Deleted;
                        const bool below = folder == "top" || folder == "inner" || folder == "deep";
                        const bool held = hold == "conversation" || (hold == "folder" && folder != "none")
                                          || (hold == "top" && below);
                        if (held && fate != Fate::Stays)
                            fate = Fate::Kept;
                        QTest::addRow("%s %d %d %s", qPrintable(folder), age, inBin, qPrintable(hold))
                            << folder << age << inBin << hold << int(fate);
                    }
                }
            }
        }
    }
    void ageFolderHold()
    {
        QFETCH(QString, folder);
        QFETCH(int, age);
        QFETCH(int, inBin);
        QFETCH(QString, hold);
        QFETCH(int, fate);
        const std::map<QString, FolderId> folders{
            {"top", m_top}, {"inner", m_inner}, {"deep", m_deep}, {"aside", m_aside}, {"none", {}}};
        RetentionFacts given = facts();
        RetentionCandidate candidate{ConversationId::make(9), folders.at(folder), kNow - age * kDay, {}};
        if (inBin >= 0)
            candidate.deletedMs = kNow - inBin * kDay;
        given.conversations = {candidate};
        if (hold == "conversation")
            given.holds = {{HoldId::make(5), candidate.id, {}, "r", "w", 1}};
        else if (hold == "folder" && !candidate.folder.isNull())
            given.holds = {{HoldId::make(5), {}, candidate.folder, "r", "w", 1}};
        else if (hold == "top")
            given.holds = {{HoldId::make(5), {}, m_top, "r", "w", 1}};
        const auto plan = planRetention(given, {.binDays = 5}, kNow);
        QCOMPARE(int(fateOf(plan, candidate.id)), fate);
    }

    void aRuleForEverythingIsTheLast()
    {
        RetentionFacts given = facts();
        given.rules.push_back({RetentionRuleId::make(3), {}, 100, RetentionAction::Erase});
        given.conversations = {{ConversationId::make(1), m_top, kNow - 50 * kDay, {}},
                               {ConversationId::make(2), m_aside, kNow - 100 * kDay, {}},
                               {ConversationId::make(3), {}, kNow - 99 * kDay, {}}};
        const auto plan = planRetention(given, {.days = 1}, kNow);
        QCOMPARE(int(fateOf(plan, given.conversations[0].id)), int(Fate::Deleted));
        QCOMPARE(int(fateOf(plan, given.conversations[1].id)), int(Fate::Erased));
        QCOMPARE(int(fateOf(plan, given.conversations[2].id)), int(Fate::Stays));
    }

    void aBindingLimitShortensEveryRule()
    {
        RetentionFacts given = facts();
        given.conversations = {{ConversationId::make(1), m_top, kNow - 20 * kDay, {}},
                               {ConversationId::make(2), {}, kNow - 20 * kDay, {}},
                               {ConversationId::make(3), m_inner, kNow - 10 * kDay, {}}};
        RetentionLimits limits{.binDays = 30, .days = 20, .action = RetentionAction::Erase, .binding = true};
        auto plan = planRetention(given, limits, kNow);
        QCOMPARE(int(fateOf(plan, given.conversations[0].id)), int(Fate::Deleted)); // its own rule, but sooner
        QCOMPARE(int(fateOf(plan, given.conversations[1].id)), int(Fate::Erased));
        QCOMPARE(int(fateOf(plan, given.conversations[2].id)), int(Fate::Erased)); // a shorter rule stays shorter
        limits.binding = false;
        plan = planRetention(given, limits, kNow);
        QCOMPARE(int(fateOf(plan, given.conversations[0].id)), int(Fate::Stays));
    }

    void nothingIsDueBeforeItsTime()
    {
        RetentionFacts given = facts();
        given.conversations = {{ConversationId::make(1), m_inner, kNow - 10 * kDay + 1, {}},
                               {ConversationId::make(2), {}, 0, kNow - 5 * kDay + 1},
                               {ConversationId::make(3), m_inner, kNow + 50 * kDay, {}}}; // a clock that was wrong
        const auto plan = planRetention(given, {.binDays = 5}, kNow);
        QVERIFY(plan.toDelete.empty() && plan.toErase.empty() && plan.toEmpty.empty() && plan.kept.empty());
    }

    void foldersInACircleEnd()
    {
        RetentionFacts given;
        given.folders = {{m_top, m_inner, "a", 0}, {m_inner, m_top, "b", 0}};
        given.conversations = {{ConversationId::make(1), m_top, 0, {}}};
        QVERIFY(planRetention(given, {}, kNow).toDelete.empty());
    }
};

QTEST_APPLESS_MAIN(TestRetention)
#include "tst_retention.moc"
