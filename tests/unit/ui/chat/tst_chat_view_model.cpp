// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_provider.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"
#include "ui/chat/chat_view_model.h"

#include <QSignalSpy>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::ui;

namespace {

/// Real services on fakes, one model, and a view model on top.
struct Bench {
    Bench()
    {
        const ModelRef model = catalogued("SmolLM2");
        vault.modelStore.models[model.id] = model;
        (void)await(models.start());
        QObject::connect(&view, &ChatViewModel::stateChanged, &view, [this] {
            if (states.empty() || states.back() != view.state())
                states.push_back(view.state());
        });
        QObject::connect(&view, &ChatViewModel::answerGrew, &view,
                         [this](MessageId, BlockKind, const std::string &more) { pieces.push_back(more); });
    }
    [[nodiscard]] std::string lastAnswer() const
    {
        return view.thread().lastAnswer() ? plainText(view.thread().lastAnswer()->message) : std::string();
    }
    [[nodiscard]] std::string shown() const
    {
        std::string all;
        for (const std::string &piece : pieces)
            all += piece;
        return all;
    }
    void ask(const QString &text)
    {
        QVERIFY(view.send(text));
        QTRY_VERIFY(!view.busy());
    }
    /// An answer that goes on until it is stopped.
    void answerEndlessly()
    {
        ScriptedAnswer endless;
        endless.pieces = {"on ", "and "};
        endless.pauseMs = 1;
        endless.endless = true;
        provider.answers.push_back(endless);
    }

    /// One conversation of so many messages, question and answer in turns.
    [[nodiscard]] std::vector<MessageId> longConversation(int count)
    {
        Conversation conversation;
        conversation.id = ConversationId::make(1);
        std::vector<MessageId> ids;
        for (int i = 0; i < count; ++i) {
            Message message;
            message.id = MessageId::make(1000 + i);
            message.conversation = conversation.id;
            message.parent = conversation.leaf;
            message.role = i % 2 == 0 ? Role::User : Role::Assistant;
            message.blocks = {{BlockKind::Text, std::to_string(i), {}}};
            conversation.leaf = message.id;
            ids.push_back(message.id);
            vault.conversationStore.messages[message.id] = std::move(message);
        }
        vault.conversationStore.conversations[conversation.id] = conversation;
        return ids;
    }

    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    FakeProvider provider{script};
    FakeInspector inspector{script};
    ModelService models{vault, provider, inspector, policy, clock};
    ChatService chat{vault, provider, models, policy, clock};
    ConversationService conversations{vault, policy};
    ChatViewModel view{chat, conversations, clock};
    std::vector<ChatState> states;
    std::vector<std::string> pieces;
};

} // namespace

class TestChatViewModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsQuestionAndAnswer()
    {
        Bench b;
        QSignalSpy accepted(&b.view, &ChatViewModel::questionAccepted);
        QSignalSpy finished(&b.view, &ChatViewModel::answerFinished);
        b.ask(QStringLiteral("  What is a tramontane?  "));
        QCOMPARE(accepted.count(), 1);
        QCOMPARE(finished.count(), 1);
        QCOMPARE(int(b.view.thread().entries().size()), 2);
        QCOMPARE(plainText(b.view.thread().lastQuestion()->message), std::string("What is a tramontane?"));
        QCOMPARE(b.lastAnswer(), std::string("Hello world."));
        QCOMPARE(b.shown(), std::string("Hello world."));
        QVERIFY(b.view.thread().lastAnswer()->provenance);
        QVERIFY(!b.view.conversation().isNull());
        QVERIFY(!b.view.title().isEmpty());
        const std::vector<ChatState> expected{ChatState::Asking, ChatState::Reading, ChatState::Writing,
                                              ChatState::Idle};
        QCOMPARE(b.states, expected);
    }

    void anEmptyQuestionIsNotAsked()
    {
        Bench b;
        QVERIFY(!b.view.send(QStringLiteral(" \n\t ")));
        QCOMPARE(b.view.state(), ChatState::Idle);
    }

    void oneQuestionAtATime()
    {
        Bench b;
        b.answerEndlessly();
        QVERIFY(b.view.send(QStringLiteral("First")));
        QVERIFY(!b.view.send(QStringLiteral("Second")));
        QVERIFY(!b.view.askAgain());
        QTRY_COMPARE(b.view.state(), ChatState::Writing);
        b.view.stop();
        QTRY_VERIFY(!b.view.busy());
    }

    void manyTokensAreFewUpdates()
    {
        Bench b;
        ScriptedAnswer long_;
        long_.pieces.assign(400, "word ");
        b.provider.answers.push_back(long_);
        b.ask(QStringLiteral("Much"));
        QCOMPARE(b.shown().size(), std::size_t(400 * 5));
        QVERIFY2(b.pieces.size() < 100, qPrintable(QString::number(b.pieces.size())));
    }

    void reasoningIsABlockOfItsOwn()
    {
        Bench b;
        ScriptedAnswer thoughtful;
        thoughtful.reasoning = "Let me see.";
        b.provider.answers.push_back(thoughtful);
        b.ask(QStringLiteral("Why?"));
        const auto &blocks = b.view.thread().lastAnswer()->message.blocks;
        QCOMPARE(int(blocks.size()), 2);
        QCOMPARE(blocks[0].kind, BlockKind::Reasoning);
        QCOMPARE(blocks[1].kind, BlockKind::Text);
    }

    void stopKeepsTheTextSoFar()
    {
        Bench b;
        b.answerEndlessly();
        QVERIFY(b.view.send(QStringLiteral("Go on")));
        QTRY_VERIFY(b.shown().size() > 10);
        b.view.stop();
        QCOMPARE(b.view.state(), ChatState::Stopping);
        QTRY_COMPARE(b.view.state(), ChatState::Idle);
        QCOMPARE(b.view.thread().lastAnswer()->message.state, MessageState::Stopped);
        QVERIFY(b.lastAnswer().starts_with(b.shown().substr(0, 10)));
        b.view.stop();
        QCOMPARE(b.view.state(), ChatState::Idle);
    }

    void askAgainIsAnotherVersion()
    {
        Bench b;
        b.ask(QStringLiteral("Why?"));
        const MessageId first = b.view.thread().lastAnswer()->message.id;
        ScriptedAnswer other;
        other.pieces = {"Otherwise."};
        b.provider.answers.push_back(other);
        QVERIFY(b.view.askAgain());
        QTRY_VERIFY(!b.view.busy());
        QCOMPARE(int(b.view.thread().entries().size()), 2);
        QCOMPARE(b.lastAnswer(), std::string("Otherwise."));
        QCOMPARE(b.view.thread().lastAnswer()->message.versions, 2);
        b.view.showVersion(b.view.thread().lastAnswer()->message.id, -1);
        QTRY_COMPARE(b.view.thread().lastAnswer()->message.id, first);
        QCOMPARE(b.view.thread().lastAnswer()->message.versions, 2);
        b.view.showVersion(first, -1);
        QTest::qWait(20);
        QCOMPARE(b.view.thread().lastAnswer()->message.id, first);
    }

    void aRefusalBeforeAnythingIsStoredKeepsTheDraft()
    {
        Bench b;
        b.policy.setInvalid();
        QSignalSpy accepted(&b.view, &ChatViewModel::questionAccepted);
        b.ask(QStringLiteral("Why?"));
        QCOMPARE(b.view.state(), ChatState::Failed);
        QVERIFY(b.view.problem());
        QCOMPARE(b.view.problem()->code, ErrorCode::PolicyDenied);
        QCOMPARE(accepted.count(), 0);
        QVERIFY(b.view.thread().empty());
        QVERIFY(b.view.canAsk());
        b.view.dismissProblem();
        QVERIFY(!b.view.problem());
    }

    void aLogThatCannotBeWrittenStopsAskingAndGivesTheTextBack()
    {
        Bench b;
        b.script.fail("append:gen_ai.request.attempted", {ErrorCode::AuditUnavailable, "read-only", {}}, -1);
        QSignalSpy returned(&b.view, &ChatViewModel::draftReturned);
        b.ask(QStringLiteral("Why?"));
        QVERIFY(b.view.auditProblem());
        QVERIFY(!b.view.problem());
        QVERIFY(!b.view.canAsk());
        QVERIFY(!b.view.send(QStringLiteral("Again?")));
        QCOMPARE(returned.count(), 1);
        QCOMPARE(returned[0][0].toString(), QStringLiteral("Why?"));
        QCOMPARE(b.script.count("provider.generate"), 0);
        b.script.heal("append:gen_ai.request.attempted");
        b.view.setAuditProblem(std::nullopt);
        b.ask(QStringLiteral("Why?"));
        QCOMPARE(b.lastAnswer(), std::string("Hello world."));
    }

    void aWorkerThatDiesLeavesTheTextAndAnError()
    {
        Bench b;
        ScriptedAnswer broken;
        broken.pieces = {"The begin"};
        broken.error = Error{ErrorCode::EngineStopped, "The engine stopped.", {}};
        b.provider.answers.push_back(broken);
        b.ask(QStringLiteral("Why?"));
        const Message &answer = b.view.thread().lastAnswer()->message;
        QCOMPARE(answer.state, MessageState::CutOff);
        QCOMPARE(answer.blocks.back().kind, BlockKind::Error);
        QCOMPARE(b.lastAnswer(), std::string("The begin"));
        QVERIFY(b.view.canAsk());
    }

    void anAnswerGoesOnWhileAnotherChatIsShown()
    {
        Bench b;
        b.answerEndlessly();
        QVERIFY(b.view.send(QStringLiteral("Go on")));
        QTRY_COMPARE(b.view.state(), ChatState::Writing);
        const ConversationId first = b.view.conversation();
        b.view.startNew();
        QCOMPARE(b.view.state(), ChatState::Idle);
        QVERIFY(b.view.thread().empty());
        QCOMPARE(b.view.running(), std::set<ConversationId>{first});
        b.ask(QStringLiteral("Something else"));
        QCOMPARE(b.lastAnswer(), std::string("Hello world."));
        b.view.open(first);
        QTRY_COMPARE(b.view.state(), ChatState::Writing);
        QCOMPARE(b.view.conversation(), first);
        QVERIFY(b.lastAnswer().starts_with("on and "));
        const std::size_t before = b.lastAnswer().size();
        QTRY_VERIFY(b.lastAnswer().size() > before);
        b.view.stop();
        QTRY_COMPARE(b.view.state(), ChatState::Idle);
        QVERIFY(b.view.running().empty());
    }

    void openShowsWhatIsStored()
    {
        Bench b;
        b.ask(QStringLiteral("Why?"));
        const ConversationId first = b.view.conversation();
        b.view.startNew();
        QSignalSpy provenance(&b.view, &ChatViewModel::provenanceKnown);
        b.view.open(first);
        QTRY_COMPARE(b.view.conversation(), first);
        QCOMPARE(b.lastAnswer(), std::string("Hello world."));
        QTRY_COMPARE(provenance.count(), 1);
        QVERIFY(b.view.thread().lastAnswer()->provenance);
    }

    void openAtAHitShowsTheWholeBranchAndWantsTheMessage()
    {
        Bench b;
        b.ask(QStringLiteral("One"));
        const ConversationId id = b.view.conversation();
        const MessageId first = b.view.thread().entries().front().message.id;
        b.ask(QStringLiteral("Two"));
        b.view.startNew();
        QSignalSpy wanted(&b.view, &ChatViewModel::messageWanted);
        b.view.open(id, first);
        QTRY_COMPARE(wanted.count(), 1);
        QCOMPARE(int(b.view.thread().entries().size()), 4);
        QCOMPARE(wanted[0][0].value<MessageId>(), first);
    }

    void aLongConversationComesInPieces()
    {
        Bench b;
        const std::vector<MessageId> ids = b.longConversation(500);
        const auto first = [&] { return b.view.thread().entries().front().message.id; };
        const auto last = [&] { return b.view.thread().entries().back().message.id; };
        const auto size = [&] { return int(b.view.thread().entries().size()); };
        QSignalSpy above(&b.view, &ChatViewModel::addedAbove);
        b.view.open(b.vault.conversationStore.conversations.begin()->first);
        QTRY_COMPARE(size(), 200);
        QVERIFY(b.view.hasAbove());
        QVERIFY(!b.view.hasBelow());
        QCOMPARE(last(), ids[499]);
        b.script.hold("threadPart");
        b.view.readAbove();
        b.view.readAbove(); // one at a time
        b.script.release("threadPart");
        QTRY_COMPARE(above.count(), 1);
        QCOMPARE(size(), 400);
        QCOMPARE(first(), ids[100]);
        b.view.readAbove();
        QTRY_COMPARE(size(), 500);
        QCOMPARE(above[1][0].toULongLong(), 100U);
        QVERIFY(!b.view.hasAbove());
        b.view.readAbove();
        b.view.readBelow();
        QTest::qWait(10);
        QCOMPARE(size(), 500);
    }

    void aHitFarUpIsShownWithWhatIsAroundIt()
    {
        Bench b;
        const std::vector<MessageId> ids = b.longConversation(900);
        const ConversationId id = b.vault.conversationStore.conversations.begin()->first;
        const auto size = [&] { return int(b.view.thread().entries().size()); };
        QSignalSpy wanted(&b.view, &ChatViewModel::messageWanted);
        QSignalSpy below(&b.view, &ChatViewModel::addedBelow);
        b.view.open(id, ids[300]);
        QTRY_COMPARE(wanted.count(), 1);
        QCOMPARE(size(), 200);
        QVERIFY(b.view.thread().find(ids[300]));
        QVERIFY(b.view.hasAbove() && b.view.hasBelow());
        QVERIFY(!b.view.askAgain()); // the last answer is not the one that is shown last
        b.view.readBelow();
        QTRY_COMPARE(below.count(), 1);
        QCOMPARE(size(), 400);
        // Whoever asks from here is taken to the end.
        b.ask(QStringLiteral("And now?"));
        QTRY_VERIFY(!b.view.hasBelow());
        QCOMPARE(plainText(b.view.thread().lastQuestion()->message), std::string("And now?"));
        QCOMPARE(b.lastAnswer(), std::string("Hello world."));
        QCOMPARE(b.view.thread().entries()[b.view.thread().entries().size() - 3].message.id, ids[899]);
    }

    void aPieceThatCannotBeReadIsTold()
    {
        Bench b;
        (void)b.longConversation(300);
        b.view.open(b.vault.conversationStore.conversations.begin()->first);
        QTRY_COMPARE(int(b.view.thread().entries().size()), 200);
        QSignalSpy failed(&b.view, &ChatViewModel::failed);
        b.script.fail("threadPart", {ErrorCode::IoFailed, "broken", {}});
        b.view.readAbove();
        QTRY_COMPARE(failed.count(), 1);
        b.view.readAbove();
        QTRY_COMPARE(int(b.view.thread().entries().size()), 300);
    }

    void whatCannotBeOpenedIsTold()
    {
        Bench b;
        QSignalSpy failed(&b.view, &ChatViewModel::failed);
        b.view.open(ConversationId::make(1));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(b.view.conversation().isNull());
    }

    void theLastOpenedWins()
    {
        Bench b;
        b.ask(QStringLiteral("One"));
        const ConversationId first = b.view.conversation();
        b.view.startNew();
        b.ask(QStringLiteral("Two"));
        const ConversationId second = b.view.conversation();
        b.view.open(first);
        b.view.open(second);
        QTRY_COMPARE(b.view.conversation(), second);
        QTest::qWait(20);
        QCOMPARE(b.view.conversation(), second);
    }

    void whileTheDiskIsWaitedForNothingNewIsShown()
    {
        Bench b;
        b.answerEndlessly();
        QVERIFY(b.view.send(QStringLiteral("Go on")));
        QTRY_VERIFY(!b.pieces.empty());
        Q_EMIT b.chat.diskWaiting(true);
        QVERIFY(b.view.diskWaiting());
        QTest::qWait(2 * ChatViewModel::kFrameMs);
        const std::size_t before = b.pieces.size();
        QTest::qWait(60);
        QCOMPARE(b.pieces.size(), before);
        Q_EMIT b.chat.diskWaiting(false);
        QVERIFY(b.pieces.size() > before);
        b.view.stop();
        QTRY_VERIFY(!b.view.busy());
    }
};

QTEST_GUILESS_MAIN(TestChatViewModel)
#include "tst_chat_view_model.moc"
