// SPDX-License-Identifier: Apache-2.0
#include "app/audit/commitment.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

namespace {

const std::string kRoot(64, 'a');

Provenance someProvenance()
{
    Provenance p;
    p.modelName = "SmolLM2";
    p.modelSha256 = std::string(64, 'b');
    p.quantisation = "Q4_1";
    p.templateSha256 = std::string(64, 'c');
    p.parametersJson = R"({"seed":7})";
    p.modeJson = R"({"threads":2})";
    p.contextJson = R"({"messages":[]})";
    p.device = "CPU, 2 threads";
    p.layersOnDevice = 3;
    p.layersTotal = 31;
    p.engineBuild = "llama.cpp 0.3.36";
    p.policySha256 = std::string(64, 'd');
    p.usage = {11, 22, 33, 44, 55.5};
    return p;
}

} // namespace

class TestConversationRepository : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<VaultFixture> m_vault;

    ConversationRepository &repository() const { return m_vault->conversations(); }

    QuestionToStore ask(const std::string &text, ConversationId conversation = {}, MessageId parent = {},
                        std::int64_t nowMs = 1000) const
    {
        auto question = questionIn(conversation, parent, text, nowMs);
        const auto stored = repository().storeQuestion(question).result();
        if (!stored)
            qFatal("%s", stored.error().detail.c_str());
        return question;
    }
    void answer(const QuestionToStore &question, const std::string &text, std::int64_t nowMs = 2000) const
    {
        const auto stored = repository().storeAnswer(answerTo(question, text, nowMs)).result();
        if (!stored)
            qFatal("%s", stored.error().detail.c_str());
    }
    QuestionToStore again(const QuestionToStore &question) const
    {
        QuestionToStore second = question;
        second.attempt = AttemptId::make(3000);
        second.newConversation = false;
        second.question.reset();
        second.answer = MessageId::make(3000);
        second.nowMs = 3000;
        return second;
    }
    MessageId leafOf(ConversationId id) const { return repository().find(id).result()->leaf; }
    QString textsOf(ConversationId id, MessageId leaf = {}) const
    {
        QStringList texts;
        const auto thread = *repository().thread(id, leaf).result();
        for (const Message &message : thread)
            texts += QString::fromStdString(plainText(message));
        return texts.join('|');
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = std::make_unique<VaultFixture>(m_folder->path().toStdString());
    }
    void cleanup() { m_vault.reset(); }

    void keepsAQuestionAndItsAnswer()
    {
        const auto question = ask("What is a tramontane?");
        auto store = answerTo(question, "A wind.");
        store.message.blocks.push_back({BlockKind::Code, "x = 1", "python"});
        store.message.blocks.push_back({BlockKind::Reasoning, "hm", ""});
        store.message.state = MessageState::Length;
        store.provenance = someProvenance();
        QVERIFY(repository().storeAnswer(store).result());
        QVERIFY(m_vault->reopen());
        const auto thread = *repository().thread(question.conversation.id, {}).result();
        QCOMPARE(thread.size(), std::size_t(2));
        QVERIFY(thread[0].id == question.question->id);
        QVERIFY(thread[0].role == Role::User);
        QVERIFY(thread[1].id == question.answer);
        QVERIFY(thread[1].parent == thread[0].id);
        QVERIFY(thread[1].role == Role::Assistant);
        QVERIFY(thread[1].state == MessageState::Length);
        QCOMPARE(thread[1].createdMs, 2000);
        QCOMPARE(thread[1].versions, 1);
        QCOMPARE(thread[1].blocks.size(), std::size_t(3));
        QVERIFY(thread[1].blocks[1].kind == BlockKind::Code);
        QCOMPARE(thread[1].blocks[1].detail, std::string("python"));
        QVERIFY(thread[1].blocks[2].kind == BlockKind::Reasoning);
        const auto conversation = *repository().find(question.conversation.id).result();
        QCOMPARE(conversation.title, std::string("A title"));
        QCOMPARE(conversation.systemPrompt, std::string("Be brief."));
        QCOMPARE(conversation.updatedMs, 2000);
        QVERIFY(conversation.leaf == question.answer);
    }

    void keepsProvenance()
    {
        const auto question = ask("q");
        auto store = answerTo(question, "a");
        store.provenance = someProvenance();
        QVERIFY(repository().storeAnswer(store).result());
        const auto p = *repository().provenance(question.answer).result();
        const auto e = someProvenance();
        QVERIFY(std::tie(p.modelName, p.modelSha256, p.quantisation, p.templateSha256, p.parametersJson, p.modeJson,
                         p.contextJson, p.device, p.layersOnDevice, p.layersTotal, p.engineBuild, p.policySha256)
                == std::tie(e.modelName, e.modelSha256, e.quantisation, e.templateSha256, e.parametersJson, e.modeJson,
                            e.contextJson, e.device, e.layersOnDevice, e.layersTotal, e.engineBuild, e.policySha256));
        QVERIFY(std::tie(p.usage.promptTokens, p.usage.answerTokens, p.usage.firstTokenMs, p.usage.totalMs,
                         p.usage.tokensPerSecond)
                == std::tie(e.usage.promptTokens, e.usage.answerTokens, e.usage.firstTokenMs, e.usage.totalMs,
                            e.usage.tokensPerSecond));
        QVERIFY(!p.energyMilliJoule);
        QCOMPARE(repository().provenance(question.question->id).result().error().code, ErrorCode::NotFound);
    }

    void commitsToTheQuestionUnderASalt()
    {
        auto first = questionIn({}, {}, "secret plan");
        const auto stored = *repository().storeQuestion(first).result();
        QVERIFY(stored.contentCommit.starts_with("hmac-sha256:"));
        QCOMPARE(stored.contentCommit.size(), std::size_t(12 + 64));
        QCOMPARE(stored.contentBytes, 11);
        const auto same = *repository().storeQuestion(questionIn({}, {}, "secret plan")).result();
        QVERIFY(same.contentCommit != stored.contentCommit);
        const auto salt = m_vault->database()
                              .read([&](sqlite::Connection &c, const auto &) -> Result<std::string> {
                                  auto select =
                                      c.prepare("SELECT salt FROM salt WHERE ref = ? AND purpose = 'content'");
                                  static_cast<void>(select->bind(first.question->id).step());
                                  const auto bytes = select->blob(0);
                                  return std::string(bytes.begin(), bytes.end());
                              })
                              .result();
        const std::span key(reinterpret_cast<const std::uint8_t *>(salt->data()), salt->size());
        QCOMPARE(audit::contentCommit(key, "secret plan"), stored.contentCommit);
        // Made again: the parent's text under the parent's salt.
        answer(first, "an answer");
        const auto repeated = *repository().storeQuestion(again(first)).result();
        QCOMPARE(repeated.contentCommit, stored.contentCommit);
        QCOMPARE(repeated.contentBytes, 11);
    }

    void countsVersionsAndShowsBranches()
    {
        const auto question = ask("q1");
        answer(question, "a1");
        const auto id = question.conversation.id;
        const auto below = ask("q2", id, question.answer);
        answer(below, "a2");
        QCOMPARE(textsOf(id), QStringLiteral("q1|a1|q2|a2"));
        const auto second = again(question);
        QVERIFY(repository().storeQuestion(second).result());
        QCOMPARE(textsOf(id), QStringLiteral("q1|a1|q2|a2")); // until there is something to show
        answer(second, "b1");
        QCOMPARE(textsOf(id), QStringLiteral("q1|b1"));
        const auto versions = *repository().versions(second.answer).result();
        QCOMPARE(versions.size(), std::size_t(2));
        QVERIFY(versions[0].id == question.answer);
        QCOMPARE(versions[0].branchOrder, 0);
        QCOMPARE(versions[1].branchOrder, 1);
        QCOMPARE(versions[1].versions, 2);
        QCOMPARE(repository().thread(id, {}).result()->at(1).versions, 2);
        QVERIFY(*repository().showBranch(question.answer).result() == below.answer);
        QCOMPARE(textsOf(id), QStringLiteral("q1|a1|q2|a2"));
        QVERIFY(*repository().showBranch(second.answer).result() == second.answer);
        QCOMPARE(textsOf(id, below.answer), QStringLiteral("q1|a1|q2|a2"));
        QCOMPARE(repository().versions(question.question->id).result()->size(), std::size_t(1));
    }

    void doesNotPullThePersonBack()
    {
        const auto question = ask("q1");
        answer(question, "a1");
        const auto second = again(question);
        QVERIFY(repository().storeQuestion(second).result());
        const auto next =
            ask("q2", question.conversation.id, question.answer); // asked while the new version is written
        answer(second, "b1");
        QVERIFY(leafOf(question.conversation.id) == next.question->id);
        answer(next, "a2");
        QVERIFY(leafOf(question.conversation.id) == next.answer);
    }

    void readsPiecesOfTheShownBranch()
    {
        using Side = ThreadPlace::Side;
        const auto first = ask("q1");
        const ConversationId id = first.conversation.id;
        QCOMPARE(repository().threadPart(id, {}).result()->messages.size(), std::size_t(1));
        answer(first, "a1");
        const auto second = ask("q2", id, first.answer);
        answer(second, "a2");
        const auto texts = [&](MessageId anchor, Side side, int count) {
            const auto part = repository().threadPart(id, {anchor, side, count}).result();
            if (!part)
                return QString::fromStdString(std::string(errorName(part.error().code)));
            QString all = part->above ? QStringLiteral("...") : QString();
            for (const Message &message : part->messages)
                all += QString::fromStdString(plainText(message)) + u' ';
            return all + (part->below ? QStringLiteral("...") : QString());
        };
        QCOMPARE(texts({}, Side::Around, 4), QStringLiteral("q1 a1 q2 a2 "));
        QCOMPARE(texts({}, Side::Around, 3), QStringLiteral("...a1 q2 a2 "));
        QCOMPARE(texts({}, Side::Around, 0), QStringLiteral("...a2 "));
        QCOMPARE(texts(second.question->id, Side::Above, 1), QStringLiteral("...a1 ..."));
        QCOMPARE(texts(second.question->id, Side::Above, 9), QStringLiteral("q1 a1 ..."));
        QCOMPARE(texts(first.question->id, Side::Above, 9), QStringLiteral("..."));
        QCOMPARE(texts(first.answer, Side::Below, 1), QStringLiteral("...q2 ..."));
        QCOMPARE(texts(first.answer, Side::Below, 9), QStringLiteral("...q2 a2 "));
        QCOMPARE(texts(second.answer, Side::Below, 9), QStringLiteral("..."));
        QCOMPARE(texts(first.question->id, Side::Around, 2), QStringLiteral("q1 a1 ..."));
        QCOMPARE(texts(second.answer, Side::Around, 2), QStringLiteral("...q2 a2 "));
        // Of another branch, of another conversation, of none.
        const auto other = ask("other", id, first.answer);
        QCOMPARE(texts(second.answer, Side::Below, 9), QStringLiteral("NOT_FOUND"));
        QCOMPARE(texts(second.answer, Side::Around, 9), QStringLiteral("NOT_FOUND"));
        QCOMPARE(texts(ask("elsewhere").question->id, Side::Above, 9), QStringLiteral("NOT_FOUND"));
        QCOMPARE(texts(MessageId::make(1), Side::Around, 9), QStringLiteral("NOT_FOUND"));
        QCOMPARE(repository().threadPart(ConversationId::make(1), {}).result().error().code, ErrorCode::NotFound);
        const auto part = *repository().threadPart(id, {other.question->id, Side::Around, 1}).result();
        QCOMPARE(part.messages.front().versions, 2);
    }

    void listsNewestFirst()
    {
        const auto a = ask("a", {}, {}, 100);
        const auto b = ask("b", {}, {}, 200);
        const auto c = ask("c", {}, {}, 300);
        answer(a, "late", 400);
        const auto all = *repository().list(0, 0).result();
        QCOMPARE(all.size(), std::size_t(3));
        QVERIFY(all[0].id == a.conversation.id);
        QVERIFY(all[1].id == c.conversation.id);
        QVERIFY(all[2].id == b.conversation.id);
        const auto page = *repository().list(1, 1).result();
        QCOMPARE(page.size(), std::size_t(1));
        QVERIFY(page[0].id == c.conversation.id);
    }

    void renames()
    {
        const auto question = ask("q");
        QVERIFY(repository().rename(question.conversation.id, "Neuer Titel \xff").result());
        QCOMPARE(repository().find(question.conversation.id).result()->title, std::string("Neuer Titel \xEF\xBF\xBD"));
        QCOMPARE(repository().rename(ConversationId::make(1), "x").result().error().code, ErrorCode::NotFound);
    }

    void saysWhatIsNotThere()
    {
        const auto question = ask("q");
        const auto other = ask("other");
        const auto none = MessageId::make(1);
        QCOMPARE(repository().find(ConversationId::make(1)).result().error().code, ErrorCode::NotFound);
        QCOMPARE(repository().thread(ConversationId::make(1), {}).result().error().code, ErrorCode::NotFound);
        QCOMPARE(repository().thread(question.conversation.id, none).result().error().code, ErrorCode::NotFound);
        QCOMPARE(repository().thread(question.conversation.id, other.question->id).result().error().code,
                 ErrorCode::NotFound);
        QVERIFY(repository().provenancesOf({none}).result()->empty());
        QCOMPARE(repository().versions(none).result().error().code, ErrorCode::NotFound);
        QCOMPARE(repository().showBranch(none).result().error().code, ErrorCode::NotFound);
    }

    void storesNothingOfWhatDoesNotFit_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("code");
        const int invalid = int(ErrorCode::InvalidArgument);
        QTest::newRow("conversation exists") << "exists" << invalid;
        QTest::newRow("no such conversation") << "missing" << int(ErrorCode::NotFound);
        QTest::newRow("parent elsewhere") << "parent" << invalid;
        QTest::newRow("message exists") << "message" << invalid;
        QTest::newRow("question of another conversation") << "foreign" << invalid;
        QTest::newRow("answer does not follow") << "follow" << invalid;
        QTest::newRow("attempt exists") << "attempt" << int(ErrorCode::Internal);
    }
    void storesNothingOfWhatDoesNotFit()
    {
        QFETCH(QString, fault);
        QFETCH(int, code);
        const auto known = ask("known");
        const auto elsewhere = ask("elsewhere");
        auto store = questionIn(known.conversation.id, known.question->id, "new text");
        if (fault == "exists")
            store.newConversation = true;
        else if (fault == "missing")
            store = questionIn({}, {}, "x"), store.newConversation = false, store.question->parent = {};
        else if (fault == "parent")
            store.question->parent = elsewhere.question->id;
        else if (fault == "message")
            store.question->id = known.question->id, store.answerParent = known.question->id;
        else if (fault == "foreign")
            store.question->conversation = elsewhere.conversation.id;
        else if (fault == "follow")
            store.answerParent = known.question->id;
        else if (fault == "attempt")
            store.attempt = known.attempt;
        const auto stored = repository().storeQuestion(store).result();
        QVERIFY(!stored);
        if (fault != "missing") // there the foreign key speaks first
            QCOMPARE(int(stored.error().code), code);
        QCOMPARE(m_vault->count("SELECT count(*) FROM message"), 2);
        QCOMPARE(m_vault->count("SELECT count(*) FROM block"), 2);
        QCOMPARE(m_vault->count("SELECT count(*) FROM message_fts"), 2);
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 2);
        QCOMPARE(m_vault->count("SELECT count(*) FROM salt"), 4);
    }

    void refusesAnAnswerWithoutItsQuestion()
    {
        const auto question = ask("q");
        auto stray = answerTo(question, "a");
        stray.attempt = AttemptId::make(9);
        QCOMPARE(repository().storeAnswer(stray).result().error().code, ErrorCode::InvalidArgument);
        auto moved = answerTo(question, "a");
        moved.message.parent = {};
        QCOMPARE(repository().storeAnswer(moved).result().error().code, ErrorCode::InvalidArgument);
        answer(question, "a");
        QCOMPARE(repository().storeAnswer(answerTo(question, "twice")).result().error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(m_vault->count("SELECT count(*) FROM message"), 2);
    }

    void recoversWhatACrashLeft()
    {
        const auto asked = ask("asked", {}, {}, 10);
        const auto answered = ask("answered", {}, {}, 20);
        QVERIFY(repository()
                    .appendStreamParts({{asked.answer, 0, BlockKind::Reasoning, "hm. "},
                                        {answered.answer, 0, BlockKind::Text, "part"},
                                        {asked.answer, 1, BlockKind::Text, "first "},
                                        {asked.answer, 2, BlockKind::Text, "second\xc3"}})
                    .result());
        QVERIFY(repository().appendStreamParts({{asked.answer, 3, BlockKind::Text, "\xa4"}}).result());
        answer(answered, "whole");
        QTemporaryDir crashed;
        m_vault->copyTo(crashed.path().toStdString());
        VaultFixture after(crashed.path().toStdString());
        const auto leftovers = *after.conversations().leftovers().result();
        QCOMPARE(leftovers.size(), std::size_t(2));
        QVERIFY(leftovers[0].attempt == asked.attempt);
        QVERIFY(leftovers[0].stage == PendingStage::Asked);
        QVERIFY(leftovers[0].conversation == asked.conversation.id);
        QVERIFY(leftovers[0].answer == asked.answer);
        QVERIFY(leftovers[0].answerParent == asked.question->id);
        // Nothing that was shown is lost, and it stands where it stood.
        QCOMPARE(leftovers[0].blocks.size(), std::size_t(2));
        QVERIFY(leftovers[0].blocks[0].kind == BlockKind::Reasoning);
        QCOMPARE(leftovers[0].blocks[0].text, std::string("hm. "));
        QVERIFY(leftovers[0].blocks[1].kind == BlockKind::Text);
        QCOMPARE(leftovers[0].blocks[1].text, std::string("first second\xc3\xa4"));
        QVERIFY(leftovers[1].stage == PendingStage::Answered);
        QVERIFY(leftovers[1].blocks.empty());
        QCOMPARE(after.count("SELECT count(*) FROM stream_part WHERE answer IN (SELECT answer FROM pending "
                             "WHERE stage = 'answered')"),
                 0);
    }

    void leavesOutPartsOfStoredAnswers()
    {
        const auto running = ask("q");
        const auto done = ask("q");
        answer(done, "a");
        QVERIFY(repository()
                    .appendStreamParts(
                        {{done.answer, 9, BlockKind::Text, "late"}, {running.answer, 0, BlockKind::Text, "kept"}})
                    .result());
        QCOMPARE(m_vault->count("SELECT count(*) FROM stream_part"), 1);
    }

    void settlesWithTheNextWrite()
    {
        const auto question = ask("q");
        answer(question, "a");
        repository().settle(question.attempt, {3, kRoot});
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 1); // nothing was written for its own sake
        QVERIFY(repository().leftovers().result()->empty());         // but it counts already
        QCOMPARE(repository().knownAuditHeads().result()->size(), std::size_t(1));
        ask("next");
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 1);
        QCOMPARE(m_vault->count("SELECT size FROM audit_head"), 3);
        QVERIFY(repository().knownAuditHeads().result()->front() == (AuditHead{3, kRoot}));
    }

    void settlesAtClosing()
    {
        const auto question = ask("q");
        answer(question, "a");
        repository().settle(question.attempt, {3, kRoot});
        repository().settle(AttemptId::make(1), {0, {}});
        QVERIFY(m_vault->reopen());
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 0);
        QCOMPARE(m_vault->count("SELECT count(*) FROM audit_head"), 1);
    }

    void settlesAgainAfterAFailedWrite()
    {
        const auto question = ask("q");
        answer(question, "a");
        repository().settle(question.attempt, {3, kRoot});
        QVERIFY(!repository().rename(ConversationId::make(1), "x").result());
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 1);
        QVERIFY(repository().rename(question.conversation.id, "x").result());
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 0);
    }

    void keepsTheNewestHeads()
    {
        const auto question = ask("q");
        for (std::uint64_t size = 1; size <= 200; ++size)
            repository().settle(AttemptId::make(1), {size, kRoot});
        QVERIFY(repository().rename(question.conversation.id, "x").result());
        const auto heads = *repository().knownAuditHeads().result();
        QCOMPARE(heads.size(), std::size_t(64));
        QCOMPARE(heads.back().size, std::uint64_t(200));
    }

    void remembersHeadsWithTheNextWrite()
    {
        const auto question = ask("q");
        for (std::uint64_t size = 1; size <= 5; ++size)
            repository().acknowledge({size, kRoot});
        QCOMPARE(m_vault->count("SELECT count(*) FROM audit_head"), 0);
        QCOMPARE(repository().knownAuditHeads().result()->back().size, std::uint64_t(5));
        QVERIFY(repository().rename(question.conversation.id, "x").result());
        QCOMPARE(m_vault->count("SELECT max(size) FROM audit_head"), 5);
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 1); // no attempt was settled by that
        repository().acknowledge({6, kRoot});
        QVERIFY(m_vault->reopen());
        QCOMPARE(m_vault->count("SELECT max(size) FROM audit_head"), 6);
    }

    void headsAloneDoNotCrowdOutOthers()
    {
        const auto question = ask("q");
        repository().settle(question.attempt, {3, kRoot});
        for (std::uint64_t size = 4; size <= 200; ++size)
            repository().acknowledge({size, kRoot});
        QVERIFY(repository().rename(question.conversation.id, "x").result());
        QCOMPARE(m_vault->count("SELECT count(*) FROM audit_head WHERE size IN (3, 200)"), 2);
        QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 0);
    }

    void forgetsTheHeadsOfAnAcceptedGap()
    {
        const auto question = ask("q");
        for (const std::uint64_t size : {10, 12, 15, 20})
            repository().settle(AttemptId::make(1), {size, kRoot});
        QVERIFY(repository().rename(question.conversation.id, "x").result());
        const std::string other(64, 'e');
        QVERIFY(repository().acceptGap(12, {13, other}).result());
        const std::vector<AuditHead> heads{{10, kRoot}, {12, kRoot}, {13, other}};
        QCOMPARE(*repository().knownAuditHeads().result(), heads);
    }

    void repairsTextsBeforeStoring()
    {
        auto question = questionIn({}, {}, std::string("a\0b\xff", 4));
        question.conversation.title = std::string("t\0", 2);
        const auto stored = *repository().storeQuestion(question).result();
        QCOMPARE(stored.contentBytes, 8);
        const auto thread = *repository().thread(question.conversation.id, {}).result();
        QCOMPARE(plainText(thread[0]), std::string("a\xEF\xBF\xBD"
                                                   "b\xEF\xBF\xBD"));
        QCOMPARE(repository().find(question.conversation.id).result()->title, std::string("t\xEF\xBF\xBD"));
    }

    void keepsAnEmptyFailedAnswer()
    {
        const auto question = ask("q");
        auto failed = answerTo(question, "");
        failed.message.state = MessageState::Failed;
        failed.message.blocks.push_back({BlockKind::Error, "It did not work.", "ENGINE_STOPPED"});
        QVERIFY(repository().storeAnswer(failed).result());
        const auto thread = *repository().thread(question.conversation.id, {}).result();
        QVERIFY(thread[1].state == MessageState::Failed);
        QVERIFY(thread[1].blocks[0].kind == BlockKind::Error);
        QVERIFY(repository().search({.text = "work"}).result()->hits.empty());
    }

    void findsItsWayByIndexes_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("list") << "SELECT title FROM conversation ORDER BY updated_ms DESC, id DESC LIMIT 50";
        QTest::newRow("message") << "SELECT seq FROM message WHERE id = x'00' AND conversation = x'00'";
        QTest::newRow("versions") << "SELECT count(*) FROM message WHERE parent = x'00'";
        QTest::newRow("root versions") << "SELECT count(*) FROM message WHERE conversation = x'00' AND parent IS NULL";
        QTest::newRow("last child") << "SELECT id FROM message WHERE parent = x'00' ORDER BY branch_order DESC LIMIT 1";
        QTest::newRow("blocks") << "SELECT text FROM block WHERE message = 1 ORDER BY position";
    }
    void findsItsWayByIndexes()
    {
        QFETCH(QString, sql);
        const auto plan = m_vault->database()
                              .read([&](sqlite::Connection &c, const auto &) -> Result<std::string> {
                                  auto explain = c.prepare("EXPLAIN QUERY PLAN " + sql.toStdString());
                                  std::string all;
                                  while (*explain->step())
                                      all += std::string(explain->text(3)) + "\n";
                                  return all;
                              })
                              .result();
        QVERIFY2(plan->find("USING") != std::string::npos, plan->c_str());
        QVERIFY2(plan->find("TEMP B-TREE") == std::string::npos, plan->c_str());
    }

    void reachesTheEndsOfALongConversation()
    {
        constexpr int kMessages = 100'000;
        const auto conversation = ConversationId::make(1);
        QVERIFY(
            m_vault->database()
                .write([&](sqlite::Connection &c) -> Status {
                    auto made = c.prepare("INSERT INTO conversation (id, title, system_prompt, created_ms, updated_ms) "
                                          "VALUES (?, '', '', 1, 1)");
                    if (auto done = made->bind(conversation).run(); !done)
                        return done;
                    auto message = c.prepare(
                        "INSERT INTO message (seq, id, conversation, parent, branch_order, role, state, created_ms) "
                        "VALUES (?, ?, ?, ?, 0, 'user', 'complete', 1)");
                    auto block = c.prepare("INSERT INTO block VALUES (?, 0, 'text', 'x', '')");
                    MessageId parent;
                    for (int i = 1; i <= kMessages; ++i) {
                        const auto id = MessageId::make(i);
                        if (auto done = message->bind(i, id, conversation, parent).run(); !done)
                            return done;
                        if (auto done = block->bind(i).run(); !done)
                            return done;
                        parent = id;
                    }
                    auto leaf = c.prepare("UPDATE conversation SET leaf = ?");
                    return leaf->bind(parent).run();
                })
                .result());
        const auto thread = repository().thread(conversation, {}).result();
        QCOMPARE(thread->size(), std::size_t(kMessages));
        QVERIFY(thread->front().parent.isNull());
        QVERIFY(*repository().showBranch(thread->front().id).result() == thread->back().id);
        QCOMPARE(repository().versions(thread->front().id).result()->size(), std::size_t(1));
        using Side = ThreadPlace::Side;
        const auto part = [&](std::size_t anchor, Side side) {
            return *repository().threadPart(conversation, {(*thread)[anchor].id, side, 100}).result();
        };
        const auto end = *repository().threadPart(conversation, {}).result();
        QCOMPARE(end.messages.size(), std::size_t(200));
        QVERIFY(end.messages.back().id == thread->back().id && end.above && !end.below);
        const auto middle = part(50'000, Side::Around);
        QCOMPARE(middle.messages.size(), std::size_t(100));
        QVERIFY(middle.messages[49].id == (*thread)[50'000].id && middle.above && middle.below);
        const auto above = part(100, Side::Above);
        QCOMPARE(above.messages.size(), std::size_t(100));
        QVERIFY(above.messages.front().id == thread->front().id && !above.above && above.below);
        const auto below = part(99'950, Side::Below);
        QCOMPARE(below.messages.size(), std::size_t(49));
        QVERIFY(below.messages.front().id == (*thread)[99'951].id && below.above && !below.below);
        // Deleting it all must not run into the depth limit of triggers.
        QVERIFY(m_vault->database()
                    .write([](sqlite::Connection &c) { return c.execute("DELETE FROM conversation"); })
                    .result());
        QCOMPARE(m_vault->count("SELECT count(*) FROM block"), 0);
    }
};

QTEST_GUILESS_MAIN(TestConversationRepository)
#include "tst_conversation_repository.moc"
