// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/chat_thread.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;

namespace {

Message said(Role role, const std::string &text, MessageId parent = {})
{
    Message message;
    message.id = MessageId::make(1'795'338'843'000);
    message.parent = parent;
    message.role = role;
    message.blocks = {{BlockKind::Text, text, {}}};
    return message;
}

} // namespace

class TestChatThread : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void growsAnAnswerBelowAQuestion()
    {
        ChatThread thread;
        const Message question = said(Role::User, "Why?");
        thread.addQuestion(question);
        const MessageId answer = MessageId::make(2);
        thread.startAnswer(answer, question.id, 0, 5);
        QVERIFY(thread.growAnswer(answer, BlockKind::Reasoning, "hm"));
        QVERIFY(thread.growAnswer(answer, BlockKind::Text, "Be"));
        QVERIFY(thread.growAnswer(answer, BlockKind::Text, "cause."));
        const Message &shown = thread.find(answer)->message;
        QCOMPARE(int(shown.blocks.size()), 2);
        QCOMPARE(shown.blocks[1].text, std::string("Because."));
        QCOMPARE(shown.parent, question.id);
        QVERIFY(thread.find(answer)->writing);
        Message stored = said(Role::Assistant, "Because.", question.id);
        stored.id = answer;
        QVERIFY(thread.finishAnswer(stored, Provenance{}));
        QVERIFY(!thread.lastAnswer()->writing);
        QVERIFY(!thread.growAnswer(answer, BlockKind::Text, "too late"));
    }

    void aNewVersionTakesThePlaceOfTheOldOne()
    {
        ChatThread thread;
        const Message question = said(Role::User, "Why?");
        const Message first = said(Role::Assistant, "1", question.id);
        const Message later = said(Role::User, "And?", first.id);
        thread.replace({question, first, later});
        const MessageId second = MessageId::make(3);
        thread.startAnswer(second, question.id, 1, 5);
        QCOMPARE(int(thread.entries().size()), 2);
        QCOMPARE(thread.lastAnswer()->message.id, second);
        QCOMPARE(thread.lastAnswer()->message.versions, 2);
        QCOMPARE(thread.lastAnswer()->message.branchOrder, 1);
        Message stored = said(Role::Assistant, "2", question.id);
        stored.id = second;
        stored.branchOrder = 1;
        thread.finishAnswer(stored, std::nullopt);
        QCOMPARE(thread.lastAnswer()->message.versions, 2);
    }

    void systemMessagesAreNotShown()
    {
        ChatThread thread;
        thread.replace({said(Role::System, "be brief"), said(Role::User, "Why?")});
        QCOMPARE(int(thread.entries().size()), 1);
        QVERIFY(!thread.lastAnswer());
        QCOMPARE(plainText(thread.lastQuestion()->message), std::string("Why?"));
    }

    void growsAtBothEnds()
    {
        ChatThread thread;
        thread.replace({said(Role::User, "3")});
        thread.setProvenance(thread.entries().front().message.id, {});
        thread.addAbove({said(Role::System, "be brief"), said(Role::User, "1"), said(Role::Assistant, "2")});
        thread.addBelow({said(Role::Assistant, "4")});
        QString texts;
        for (const ThreadEntry &entry : thread.entries())
            texts += QString::fromStdString(plainText(entry.message));
        QCOMPARE(texts, QStringLiteral("1234"));
        QVERIFY(thread.entries()[2].provenance);
    }

    void whatIsNotShownIsIgnored()
    {
        ChatThread thread;
        thread.addQuestion(said(Role::User, "Why?"));
        const MessageId stranger = MessageId::make(9);
        QVERIFY(!thread.growAnswer(stranger, BlockKind::Text, "x"));
        QVERIFY(!thread.setProvenance(stranger, {}));
        QVERIFY(!thread.finishAnswer(said(Role::Assistant, "x"), std::nullopt));
        thread.dropAnswer(stranger);
        QCOMPARE(int(thread.entries().size()), 1);
        QVERIFY(!thread.find(stranger));
    }

    void dropsOnlyTheAnswerThatIsBeingWritten()
    {
        ChatThread thread;
        const Message question = said(Role::User, "Why?");
        const Message done = said(Role::Assistant, "1", question.id);
        thread.replace({question, done});
        thread.dropAnswer(done.id);
        QCOMPARE(int(thread.entries().size()), 2);
        const MessageId running = MessageId::make(3);
        thread.startAnswer(running, {}, 0, 5);
        thread.dropAnswer(running);
        QCOMPARE(int(thread.entries().size()), 2);
    }
};

QTEST_GUILESS_MAIN(TestChatThread)
#include "tst_chat_thread.moc"
