// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/movable_clock.h"
#include "ui/chat/conversation_list_model.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;
using Kind = ConversationListModel::Kind;
using Row = ConversationListModel;

namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * 1000LL;

/// Noon of the day, so that an hour before or after is the same day in every zone.
std::int64_t noon(int daysAgo)
{
    const QDate day(2026, 11, 20);
    return QDateTime(day.addDays(-daysAgo), QTime(12, 0)).toMSecsSinceEpoch();
}

Conversation made(const std::string &title, std::int64_t updatedMs, bool pinned = false)
{
    Conversation conversation;
    conversation.id = ConversationId::make(updatedMs);
    conversation.title = title;
    conversation.updatedMs = updatedMs;
    conversation.pinned = pinned;
    return conversation;
}

QStringList texts(const ConversationListModel &model)
{
    QStringList out;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        const bool caption = Kind(index.data(Row::KindRole).toInt()) == Kind::Section;
        out << (caption ? QStringLiteral("[%1]").arg(index.data().toString()) : index.data().toString());
    }
    return out;
}

} // namespace

class TestConversationListModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); }

    void holdsTheRulesOfModelsEmptyAndFilled()
    {
        ConversationListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setConversations({}, noon(0));
        QCOMPARE(model.rowCount(), 0);
        model.setConversations({made("a", noon(0)), made("b", noon(3))}, noon(0));
        model.setConversations({made("c", noon(1))}, noon(0));
        model.setHits({{ConversationId::make(1), MessageId::make(2), "t", "s", noon(0)}}, noon(0));
        model.setRunning({ConversationId::make(1)});
        model.setHits({}, noon(0));
        QCOMPARE(model.rowCount(), 0);
    }

    void groupsByAgeAndSortsByTime()
    {
        ConversationListModel model;
        model.setConversations({made("old", noon(40)), made("week, earlier", noon(6)), made("today", noon(0)),
                                made("pinned and old", noon(90), true), made("week, later", noon(2)),
                                made("today, later", noon(0) + 1000)},
                               noon(0) + 2000);
        const QStringList expected{"[Pinned]",      "pinned and old", "[Today]",       "today, later", "today",
                                   "[Last 7 days]", "week, later",    "week, earlier", "[Earlier]",    "old"};
        QCOMPARE(texts(model), expected);
    }

    void saysTheTimeAsPeopleDo_data()
    {
        QTest::addColumn<qint64>("moment");
        QTest::addColumn<QString>("text");
        QTest::newRow("today") << qint64(noon(0)) << QLocale().toString(QTime(12, 0), QLocale::ShortFormat);
        QTest::newRow("yesterday") << qint64(noon(1)) << "Thu";
        QTest::newRow("six days ago") << qint64(noon(6)) << "Sat";
        QTest::newRow("this year") << qint64(noon(9)) << "11 Nov";
        QTest::newRow("another year") << qint64(noon(400)) << "Oct 2025";
        QTest::newRow("a clock that went back")
            << qint64(noon(0) + kDayMs) << QLocale().toString(QTime(12, 0), QLocale::ShortFormat);
    }
    void saysTheTimeAsPeopleDo()
    {
        QFETCH(qint64, moment);
        QFETCH(QString, text);
        QCOMPARE(listTime(moment, noon(0)), text);
    }

    void captionsCannotBeChosen()
    {
        ConversationListModel model;
        const Conversation today = made("today", noon(0));
        model.setConversations({today}, noon(0));
        QVERIFY(!(model.flags(model.index(0)) & Qt::ItemIsSelectable));
        QVERIFY(model.conversationAt(0).isNull());
        QCOMPARE(model.conversationAt(1), today.id);
        QCOMPARE(model.rowOf(today.id), 1);
        QCOMPARE(model.rowOf({}), -1);
        QVERIFY(model.conversationAt(2).isNull());
        QVERIFY(model.conversationAt(-1).isNull());
    }

    void anotherTitleDoesNotMoveTheView()
    {
        ConversationListModel model;
        Conversation today = made("before", noon(0));
        model.setConversations({today}, noon(0));
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        today.title = "after";
        model.setConversations({today}, noon(0));
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("after"));
        model.setConversations({today, made("one more", noon(1))}, noon(0));
        QCOMPARE(reset.count(), 1);
    }

    void aTitleOfBlanksHasAName()
    {
        ConversationListModel model;
        model.setConversations({made(" \n ", noon(0))}, noon(0));
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("Untitled chat"));
    }

    void asksToRename()
    {
        ConversationListModel model;
        const Conversation today = made("before", noon(0));
        model.setConversations({today}, noon(0));
        QSignalSpy asked(&model, &ConversationListModel::renameRequested);
        QVERIFY(!model.setData(model.index(0), "x", Qt::EditRole));
        QVERIFY(!model.setData(model.index(1), "  ", Qt::EditRole));
        QVERIFY(!model.setData(model.index(1), "before", Qt::EditRole));
        QVERIFY(model.setData(model.index(1), "  after\n", Qt::EditRole));
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked[0][1].toString(), QStringLiteral("after"));
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("before"));
    }

    void showsHitsUnderACaptionThatCounts()
    {
        ConversationListModel model;
        const ConversationId id = ConversationId::make(1);
        const MessageId message = MessageId::make(2);
        model.setHits({{id, message, "Liquidity", "the \x02ratio\x03 fell", noon(0)}}, noon(0));
        QVERIFY(model.showsHits());
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.messageAt(1), message);
        QCOMPARE(model.index(1).data(Row::SnippetRole).toString(), QStringLiteral("the \x02ratio\x03 fell"));
        QVERIFY(!(model.flags(model.index(1)) & Qt::ItemIsEditable));
    }

    void marksWhereAnAnswerIsWritten()
    {
        ConversationListModel model;
        const Conversation today = made("today", noon(0));
        model.setConversations({today}, noon(0));
        model.setRunning({today.id});
        QVERIFY(model.index(1).data(Row::RunningRole).toBool());
        QVERIFY(model.index(1).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("being written")));
        model.setRunning({});
        QVERIFY(!model.index(1).data(Row::RunningRole).toBool());
    }
};

QTEST_GUILESS_MAIN(TestConversationListModel)
#include "tst_conversation_list_model.moc"
