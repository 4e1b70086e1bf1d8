// SPDX-License-Identifier: Apache-2.0
// Session, log and conversations as services: what is recorded when, and what still works when it cannot be.
#include "app/services/session.h"

#include "app/services/vault_check.h"
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_provider.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <set>

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

struct SessionBench {
    Script script;
    MovableClock clock;
    FakePolicySource policy;
    std::shared_ptr<FakeVault> vault = std::make_shared<FakeVault>(script);
    FakeProvider provider{script};
    FakeInspector inspector{script};
    Session session{vault, provider, inspector, policy, clock};

    /// With what retention does behind it, so that its calls lie before those of the test.
    Status start()
    {
        Status started = await(session.start());
        (void)await(session.retention().settled(10'000));
        return started;
    }
    Conversation converse(const std::string &question)
    {
        const ModelRef model = catalogued("tiny");
        vault->modelStore.models[model.id] = model;
        (void)start();
        Conversation made;
        QObject::connect(&session.chat(), &ChatService::questionStored, &session,
                         [&made](AttemptId, const Conversation &conversation) { made = conversation; });
        session.chat().ask({}, question, {});
        (void)QTest::qWaitFor([this] { return !session.chat().isRunning(); });
        return made;
    }
};

} // namespace

class SessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsInOrder();
    void missingMessagesAreNamed();
    void whatTheVaultKnewIsNotComparedAgain();
    void answersThatWereNotStoredAreNotMissing();
    void checkNamesEverything();
    void invalidPolicyIsRecorded();
    void changedPolicyIsRecorded();
    void unwritableLogStillReads();
    void damagedCatalogueIsAnError();
    void endsInOrder();
    void everyRecordIsAcknowledged();
    void endClosesTheVaultWhateverFails();
    void lockingCutsAnswersOffAndEndsModels();
    void lockingBeforeAnythingWasWritten();
    void lockingWithoutALogClosesTheVault();
    void anEngineThatDoesNotEndIsSaid();
    void openingAgainIsUnlocking();
    void failedUnlocksAreRecordedFirst();
    void verifyUsesKnownHeadsAndIsARecord();
    void verifyFindingIsHandedOutWithoutALog();
    void anAcceptedGapIsToldToTheVault();
    void nothingMissingIsNoGap();
    void exportIsRecordedFirst();
    void exportWithoutALogHandsOutNothing();
    void exportRefusedByPolicy();
    void exportedMarkdown();
    void exportedJson();
    void neighbourVersions();
    void embedding();
    void embeddingWithoutALogRunsNothing();
    void embeddingFailureIsRecorded();
    void embeddingTakesItsOptions();
    void reranking();
};

void SessionTest::startsInOrder()
{
    SessionBench b;
    QVERIFY(b.start().ok());
    QCOMPARE(b.script.calls(),
             (Names{"knownAuditHeads", "audit.list", "append:session.opened", "append:policy.loaded", "slots.list",
                    "settings.read", "settings.read", "settings.read", "settings.read", "settings.read",
                    "settings.read", "models.list", "settings.read", "leftovers", "audit.openAttempts", "settings.read",
                    "settings.read", "retention.facts", "settings.write"}));
    QVERIFY(!b.session.auditProblem());
    QCOMPARE(b.session.recovered(), 0);
}

/// Ten records of questions, of which the vault has acknowledged `known` and holds all but those named in `gone`.
static std::vector<MessageId> logWithQuestions(FakeVault &vault, std::uint64_t known, const std::set<int> &gone)
{
    std::vector<MessageId> ids;
    for (int question = 0; question < 10; ++question) {
        ids.push_back(MessageId::make(question));
        AuditEvent event;
        event.event = "gen_ai.request.attempted";
        event.object = AuditObject{"message", ids.back().text()};
        vault.log.events.push_back(event);
        if (!gone.contains(question))
            vault.conversationStore.messages[ids.back()].id = ids.back();
    }
    vault.conversationStore.heads.push_back({known, {}});
    return ids;
}

void SessionTest::missingMessagesAreNamed()
{
    SessionBench b;
    const auto ids = logWithQuestions(*b.vault, 6, {7, 9});
    QVERIFY(b.start().ok());
    QCOMPARE(b.session.missingMessages().count, 2);
    QCOMPARE(b.session.missingMessages().first, ids[7].text());
    QCOMPARE(b.session.missingMessages().after, std::string("record 7"));
    const AuditEvent &named = b.vault->log.last("audit.messages_missing");
    QCOMPARE(named.object->id, ids[7].text());
    QCOMPARE(named.flags, (std::vector<std::string>{"missing_2"}));
    QCOMPARE(named.severity, 4);
    QVERIFY(missingText(b.session.missingMessages()).starts_with("2 messages missing after record 7: "));
}

void SessionTest::whatTheVaultKnewIsNotComparedAgain()
{
    SessionBench b;
    (void)logWithQuestions(*b.vault, 6, {2});
    QVERIFY(b.start().ok());
    QCOMPARE(b.session.missingMessages().count, 0);
    QVERIFY(std::ranges::count(b.vault->log.names(), "audit.messages_missing") == 0);
    MissingMessagesSearch search(*b.vault);
    const auto everywhere = await(search.everywhere());
    QCOMPARE(everywhere->count, 1);
    QCOMPARE(everywhere->after, std::string("record 2"));
}

void SessionTest::answersThatWereNotStoredAreNotMissing()
{
    SessionBench b;
    AuditEvent failed;
    failed.event = "gen_ai.request.failed";
    failed.object = AuditObject{"message", MessageId::make(1).text()};
    failed.flags = {"answer_not_stored", "no_space"};
    b.vault->log.events.push_back(failed);
    failed.object = std::nullopt; // an attempt that was only in the log
    failed.flags = {"interrupted"};
    b.vault->log.events.push_back(failed);
    QVERIFY(b.start().ok());
    QCOMPARE(b.session.missingMessages().count, 0);
}

void SessionTest::checkNamesEverything()
{
    SessionBench b;
    (void)logWithQuestions(*b.vault, 10, {0});
    QVERIFY(b.start().ok());
    VaultCheck check(*b.vault, b.session.audit());
    b.vault->files.findings = {{"vault.db", "A page is damaged."}};
    b.vault->log.verification.missing = 3;
    b.vault->log.verification.missingAfter = 7;
    auto found = await(check.run());
    QVERIFY(found.ok() && !found->whole());
    QCOMPARE(found->findings.size(), std::size_t(3));
    QCOMPARE(found->findings[1].problem, std::string("3 records missing after record 7."));
    QVERIFY(found->findings[2].problem.starts_with("1 message missing from the beginning: "));
    b.script.fail("inspection.run", {ErrorCode::VaultLocked, "The vault is locked.", {}});
    found = await(check.run());
    QCOMPARE(found.error().code, ErrorCode::VaultLocked);
}

void SessionTest::invalidPolicyIsRecorded()
{
    SessionBench b;
    b.policy.setInvalid();
    QVERIFY(b.start().ok());
    QCOMPARE(b.vault->log.names(), (Names{"session.opened", "policy.invalid"}));
    QCOMPARE(b.vault->log.events[1].severity, 4);
}

void SessionTest::changedPolicyIsRecorded()
{
    SessionBench b;
    QVERIFY(b.start().ok());
    b.policy.setManaged(R"({"id": "test", "version": 1, "values": {"export.allow": false}})");
    QTRY_COMPARE(b.vault->log.names(), (Names{"session.opened", "policy.loaded", "policy.changed"}));
    b.policy.setInvalid();
    QTRY_COMPARE(b.vault->log.names(), (Names{"session.opened", "policy.loaded", "policy.changed", "policy.invalid"}));
}

void SessionTest::unwritableLogStillReads()
{
    SessionBench b;
    b.vault->log.unwritable = Error{ErrorCode::AuditUnavailable, "The disk of the log is full.", {}};
    QVERIFY(b.start().ok());
    QCOMPARE(b.session.auditProblem()->code, ErrorCode::AuditUnavailable);
    QVERIFY(await(b.session.conversations().list()).ok());
    QVERIFY(await(b.session.audit().list({})).ok());
}

void SessionTest::damagedCatalogueIsAnError()
{
    SessionBench b;
    b.script.fail("models.list", {ErrorCode::VaultDamaged, "damaged", {}});
    QCOMPARE(b.start().error().code, ErrorCode::VaultDamaged);
}

void SessionTest::endsInOrder()
{
    SessionBench b;
    b.converse("Hello?");
    b.script.forgetCalls();
    QVERIFY(await(b.session.end()).ok());
    // The checkpoint covers the last record.
    QCOMPARE(b.script.calls(), (Names{"provider.saveState", "append:model.unloaded", "provider.unload",
                                      "append:session.closed", "audit.checkpoint", "vault.close"}));
}

/// Whoever puts an older log back takes records away; the vault must know of the newest, whatever it is about.
void SessionTest::everyRecordIsAcknowledged()
{
    SessionBench b;
    const auto known = [&] { return b.vault->conversationStore.heads.back().size; };
    const auto written = [&] { return std::uint64_t(b.vault->log.events.size()); };
    const ModelRef embedder = catalogued("embedder", ModelKind::Embedding);
    b.vault->modelStore.models[embedder.id] = embedder;
    const Conversation made = b.converse("What is exported?");
    QCOMPARE(known(), written());
    QVERIFY(await(b.session.conversations().exportText(made.id, ExportFormat::Markdown)).ok());
    QCOMPARE(known(), written());
    QVERIFY(await(b.session.embeddings().embed(embedder.id, {"one"})).ok());
    QCOMPARE(known(), written());
    QVERIFY(await(b.session.models().importFile("/models/other.gguf")).ok());
    QCOMPARE(known(), written());
    b.session.models().unload(embedder.id);
    QTRY_COMPARE(known(), written());
    QVERIFY(await(b.session.models().remove(embedder.id)).ok());
    QCOMPARE(known(), written());
    QVERIFY(await(b.session.audit().verify()).ok());
    QCOMPARE(known(), written());
    b.policy.setInvalid();
    QTRY_COMPARE(b.vault->log.names().back(), std::string("policy.invalid"));
    QVERIFY(!await(b.session.conversations().exportText(made.id, ExportFormat::Markdown)).ok()); // denied
    QCOMPARE(known(), written());
    QVERIFY(await(b.session.end()).ok());
    QCOMPARE(b.vault->log.names().back(), std::string("session.closed"));
    QCOMPARE(known(), written());
}

void SessionTest::endClosesTheVaultWhateverFails()
{
    SessionBench b;
    QVERIFY(b.start().ok());
    b.script.fail("append:session.closed", {ErrorCode::AuditUnavailable, "full", {}});
    QVERIFY(await(b.session.end()).ok());
    QVERIFY(b.vault->closed);
}

void SessionTest::lockingCutsAnswersOffAndEndsModels()
{
    SessionBench b;
    ScriptedAnswer endless;
    endless.endless = true;
    b.provider.answers = {endless};
    b.vault->modelStore.models[catalogued("tiny").id] = catalogued("tiny");
    QVERIFY(b.start().ok());
    std::string text;
    std::optional<Message> stored;
    connect(&b.session.chat(), &ChatService::answerText, this,
            [&](AttemptId, MessageId, const std::string &piece) { text += piece; });
    connect(&b.session.chat(), &ChatService::answerFinished, this,
            [&](AttemptId, const Message &answer, const auto &) { stored = answer; });
    b.session.chat().ask({}, "Tell me something long.", {});
    QTRY_VERIFY(text.size() > 20);
    b.script.forgetCalls();
    QVERIFY(await(b.session.lock(LockCause::Idle)).ok());
    QVERIFY(stored.has_value());
    QCOMPARE(stored->state, MessageState::CutOff);
    QCOMPARE(stored->blocks.front().text, text);
    QCOMPARE(stored->blocks.back().kind, BlockKind::Error);
    QCOMPARE(stored->blocks.back().detail, std::string("VAULT_LOCKED"));
    QVERIFY(b.vault->closed);
    QVERIFY(b.vault->conversationStore.messages.contains(stored->id));
    const AuditEvent &ended = b.vault->log.last("gen_ai.request.failed");
    QCOMPARE(ended.flags, (Names{"vault_locked"}));
    const AuditEvent &locked = b.vault->log.last("session.locked");
    QCOMPARE(locked.flags, (Names{"idle"}));
    QCOMPARE(b.vault->log.names().back(), std::string("session.locked"));
    // What a model remembers is dropped with its process and not written first.
    QCOMPARE(b.script.count("provider.saveState"), 0);
    QCOMPARE(b.script.count("provider.halt"), 1);
    const Names calls = b.script.calls();
    QCOMPARE(calls.back(), std::string("vault.close"));
    QCOMPARE(*(calls.end() - 2), std::string("audit.checkpoint"));
}

void SessionTest::lockingBeforeAnythingWasWritten()
{
    SessionBench b;
    b.vault->modelStore.models[catalogued("tiny").id] = catalogued("tiny");
    QVERIFY(b.start().ok());
    b.script.hold("provider.load");
    std::optional<Message> stored;
    connect(&b.session.chat(), &ChatService::answerFinished, this,
            [&](AttemptId, const Message &answer, const auto &) { stored = answer; });
    b.session.chat().ask({}, "Anybody there?", {});
    QTRY_COMPARE(b.script.count("provider.load"), 1);
    QVERIFY(await(b.session.lock(LockCause::Suspend)).ok());
    QVERIFY(stored.has_value());
    QCOMPARE(stored->state, MessageState::Failed);
    QVERIFY(b.vault->closed);
    QCOMPARE(b.vault->log.last("session.locked").flags, (Names{"suspend"}));
}

void SessionTest::lockingWithoutALogClosesTheVault()
{
    SessionBench b;
    QVERIFY(b.start().ok());
    b.script.fail("append:session.locked", {ErrorCode::AuditUnavailable, "full", {}});
    QVERIFY(await(b.session.lock(LockCause::SessionLocked)).ok());
    QVERIFY(b.vault->closed);
}

void SessionTest::anEngineThatDoesNotEndIsSaid()
{
    SessionBench b;
    QVERIFY(b.start().ok());
    b.script.fail("provider.halt", {ErrorCode::EngineStopped, "does not end", {}});
    QCOMPARE(await(b.session.lock(LockCause::Person)).error().code, ErrorCode::EngineStopped);
    QVERIFY(b.vault->closed);
}

void SessionTest::openingAgainIsUnlocking()
{
    SessionBench b;
    QVERIFY(await(b.session.start({true, {}})).ok());
    QCOMPARE(b.vault->log.names(), (Names{"session.unlocked", "policy.loaded"}));
}

void SessionTest::failedUnlocksAreRecordedFirst()
{
    SessionBench b;
    QVERIFY(await(b.session.start({true, {{"passphrase", 3}}})).ok());
    QCOMPARE(b.vault->log.names(), (Names{"session.unlock_failed", "session.unlocked", "policy.loaded"}));
    QCOMPARE(b.vault->log.events[0].flags, (Names{"passphrase", "attempts_3"}));
    QCOMPARE(b.vault->log.events[0].severity, 3);
    QCOMPARE(b.vault->log.events[0].outcome, Outcome::Failure);
}

void SessionTest::verifyUsesKnownHeadsAndIsARecord()
{
    SessionBench b;
    b.vault->conversationStore.heads = {{3, "aa"}};
    const auto whole = await(b.session.audit().verify());
    QVERIFY(whole->whole());
    QCOMPARE(b.vault->log.verifiedAgainst, (std::vector<AuditHead>{{3, "aa"}}));
    QCOMPARE(b.vault->log.verifiedDepth, VerifyDepth::Usual);
    QVERIFY(await(b.session.audit().verify(VerifyDepth::Full)).ok());
    QCOMPARE(b.vault->log.verifiedDepth, VerifyDepth::Full);
    b.vault->log.verification.missing = 2;
    QVERIFY(!await(b.session.audit().verify())->whole());
    QCOMPARE(b.vault->log.names(), (Names{"audit.verified", "audit.verified", "audit.verify_failed"}));
    QCOMPARE(b.vault->log.events[2].severity, 5);
}

void SessionTest::verifyFindingIsHandedOutWithoutALog()
{
    SessionBench b;
    b.vault->log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    QVERIFY(await(b.session.audit().verify()).ok());
    b.script.fail("audit.verify", {ErrorCode::AuditUnavailable, "cannot be read", {}});
    QCOMPARE(await(b.session.audit().verify()).error().code, ErrorCode::AuditUnavailable);
}

void SessionTest::anAcceptedGapIsToldToTheVault()
{
    SessionBench b;
    b.vault->conversationStore.heads = {{2, "aa"}, {5, "bb"}};
    b.vault->log.unwritable = Error{ErrorCode::AuditRecordsMissing, "3 records are missing.", {}};
    QVERIFY(b.start().ok());
    QCOMPARE(b.session.auditProblem()->code, ErrorCode::AuditRecordsMissing);
    b.script.forgetCalls();
    const auto gap = await(b.session.audit().acceptGap());
    QCOMPARE(gap->missing, std::uint64_t(3));
    QCOMPARE(b.script.calls(),
             (Names{"audit.acceptGap", "acceptGap", "append:session.opened", "append:policy.loaded"}));
    QCOMPARE(b.vault->log.last("audit.gap").policy.sha256, b.policy.current().sha256);
    for (const AuditHead &head : b.vault->conversationStore.heads)
        QVERIFY(head.root != "aa" && head.root != "bb");
}

void SessionTest::nothingMissingIsNoGap()
{
    SessionBench b;
    QVERIFY(b.start().ok());
    QCOMPARE(await(b.session.audit().acceptGap()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(b.script.count("acceptGap"), 0);
}

void SessionTest::exportIsRecordedFirst()
{
    SessionBench b;
    const Conversation made = b.converse("What is exported?");
    b.script.forgetCalls();
    const auto text = await(b.session.conversations().exportText(made.id, ExportFormat::Markdown));
    QVERIFY(text.ok());
    QCOMPARE(b.script.calls().back(), std::string("append:conversation.exported"));
    const AuditEvent &event = b.vault->log.last("conversation.exported");
    QCOMPARE(event.object->id, made.id.text());
    QCOMPARE(event.object->bytes, std::int64_t(text->size()));
    QCOMPARE(await(b.session.conversations().exportText(ConversationId::make(1), ExportFormat::Json)).error().code,
             ErrorCode::NotFound);
}

void SessionTest::exportWithoutALogHandsOutNothing()
{
    SessionBench b;
    const Conversation made = b.converse("What is exported?");
    b.vault->log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    QCOMPARE(await(b.session.conversations().exportText(made.id, ExportFormat::Json)).error().code,
             ErrorCode::AuditUnavailable);
}

void SessionTest::exportRefusedByPolicy()
{
    SessionBench b;
    const Conversation made = b.converse("What is exported?");
    b.policy.setInvalid();
    const auto refused = await(b.session.conversations().exportText(made.id, ExportFormat::Json));
    QCOMPARE(refused.error().code, ErrorCode::PolicyDenied);
    QCOMPARE(b.vault->log.last("conversation.exported").outcome, Outcome::Denied);
}

void SessionTest::exportedMarkdown()
{
    SessionBench b;
    ScriptedAnswer cut;
    cut.pieces = {"Half an answer"};
    cut.error = Error{ErrorCode::EngineStopped, "The engine stopped.\nYour text is saved.", {}};
    b.provider.answers.push_back(cut);
    const Conversation made = b.converse("What is exported?");
    const auto text = await(b.session.conversations().exportText(made.id, ExportFormat::Markdown));
    const std::string expected = "# What is exported?\n\n## You\n\nWhat is exported?\n\n*2026-11-22T09:14:03.211Z*\n"
                                 "\n## Answer\n\nHalf an answer\n\n> The engine stopped.\n> Your text is saved.\n\n"
                                 "*2026-11-22T09:14:03.211Z · tiny · CPU, 2 threads · 0 tokens · cut_off*\n";
    QCOMPARE(QString::fromStdString(*text), QString::fromStdString(expected));
}

void SessionTest::exportedJson()
{
    SessionBench b;
    const Conversation made = b.converse("What is exported?");
    const auto text = await(b.session.conversations().exportText(made.id, ExportFormat::Json));
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
    QCOMPARE(json["format"].toString(), QString("tramontane.conversation"));
    QCOMPARE(json["conversation"].toObject()["id"].toString().toStdString(), made.id.text());
    const QJsonArray messages = json["messages"].toArray();
    QCOMPARE(messages.size(), 2);
    QVERIFY(!messages[0].toObject().contains("provenance"));
    const QJsonObject provenance = messages[1].toObject()["provenance"].toObject();
    QCOMPARE(provenance["model"].toString(), QString("tiny"));
    QCOMPARE(provenance["parameters"].toObject()["seed"].toInt(), 7);
    QVERIFY(provenance["energy_mj"].isNull());
}

void SessionTest::neighbourVersions()
{
    SessionBench b;
    const Conversation made = b.converse("Versions?");
    const MessageId first = await(b.session.conversations().find(made.id))->leaf;
    b.session.chat().regenerate(made.id, first, {});
    QTRY_VERIFY(!b.session.chat().isRunning());
    const MessageId second = await(b.session.conversations().find(made.id))->leaf;
    auto &conversations = b.session.conversations();
    QCOMPARE(*await(conversations.neighbourVersion(second, -1)), first);
    QCOMPARE(*await(conversations.neighbourVersion(first, 1)), second);
    QCOMPARE(await(conversations.neighbourVersion(first, -1)).error().code, ErrorCode::NotFound);
    QCOMPARE(await(conversations.neighbourVersion(second, 1)).error().code, ErrorCode::NotFound);
    QCOMPARE(await(conversations.neighbourVersion(MessageId::make(1), 1)).error().code, ErrorCode::NotFound);
}

void SessionTest::embedding()
{
    SessionBench b;
    const ModelRef model = catalogued("embedder", ModelKind::Embedding);
    b.vault->modelStore.models[model.id] = model;
    QVERIFY(b.start().ok());
    b.script.forgetCalls();
    const auto vectors = await(b.session.embeddings().embed(model.id, {"one", "two"}));
    QCOMPARE(vectors->size(), std::size_t(2));
    QCOMPARE(b.script.calls(), (Names{"append:gen_ai.request.attempted", "append:model.loaded", "provider.load",
                                      "append:model.loaded", "provider.embed", "append:gen_ai.request.completed"}));
    QCOMPARE(b.vault->log.last("gen_ai.request.completed").corr, b.vault->log.last("gen_ai.request.attempted").corr);
    QCOMPARE(await(b.session.embeddings().embed(model.id, {})).error().code, ErrorCode::InvalidArgument);
    b.policy.setInvalid();
    QCOMPARE(await(b.session.embeddings().embed(model.id, {"one"})).error().code, ErrorCode::PolicyDenied);
    QCOMPARE(b.vault->log.last("gen_ai.request.denied").outcome, Outcome::Denied);
}

void SessionTest::embeddingWithoutALogRunsNothing()
{
    SessionBench b;
    const ModelRef model = catalogued("embedder", ModelKind::Embedding);
    b.vault->modelStore.models[model.id] = model;
    QVERIFY(b.start().ok());
    b.vault->log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    QCOMPARE(await(b.session.embeddings().embed(model.id, {"one"})).error().code, ErrorCode::AuditUnavailable);
    QCOMPARE(b.script.count("provider.load") + b.script.count("provider.embed"), 0);
}

void SessionTest::embeddingFailureIsRecorded()
{
    SessionBench b;
    const ModelRef model = catalogued("embedder", ModelKind::Embedding);
    b.vault->modelStore.models[model.id] = model;
    QVERIFY(b.start().ok());
    b.script.fail("provider.embed", {ErrorCode::ContextFull, "too long", {}});
    QCOMPARE(await(b.session.embeddings().embed(model.id, {"one"})).error().code, ErrorCode::ContextFull);
    QCOMPARE(b.vault->log.last("gen_ai.request.failed").flags, (Names{"context_full"}));
}

void SessionTest::embeddingTakesItsOptions()
{
    SessionBench b;
    const ModelRef model = catalogued("embedder", ModelKind::Embedding);
    b.vault->modelStore.models[model.id] = model;
    QVERIFY(b.start().ok());
    const Normalisation none{Normalisation::Method::None};
    QVERIFY(await(b.session.embeddings().embed(model.id, {"one"}, {Pooling::Cls, none})).ok());
    QCOMPARE(b.provider.loads.back().pooling, Pooling::Cls);
    QCOMPARE(b.provider.normalisations.back(), none);
    // What was loaded to pool otherwise does not serve who wants the model's own way.
    QVERIFY(await(b.session.embeddings().embed(model.id, {"one"})).ok());
    QCOMPARE(b.provider.loads.size(), std::size_t{2});
    QCOMPARE(b.provider.loads.back().pooling, Pooling::Model);
    QVERIFY(await(b.session.embeddings().embed(model.id, {"two"})).ok());
    QCOMPARE(b.provider.loads.size(), std::size_t{2});
    const Normalisation tooMuch{Normalisation::Method::PNorm, kLargestNorm + 1};
    QCOMPARE(await(b.session.embeddings().embed(model.id, {"one"}, {Pooling::Model, tooMuch})).error().code,
             ErrorCode::InvalidArgument);
    QCOMPARE(await(b.session.reranking().rerank(model.id, "q", {"one"})).error().code, ErrorCode::ModelUnsupported);
}

void SessionTest::reranking()
{
    SessionBench b;
    const ModelRef model = catalogued("ranker", ModelKind::Reranker);
    b.vault->modelStore.models[model.id] = model;
    QVERIFY(b.start().ok());
    b.script.forgetCalls();
    const auto scores = await(b.session.reranking().rerank(model.id, "which?", {"one", "three"}));
    QVERIFY(*scores == (std::vector<float>{3, 5}));
    QCOMPARE(b.script.calls(), (Names{"append:gen_ai.request.attempted", "append:model.loaded", "provider.load",
                                      "append:model.loaded", "provider.rerank", "append:gen_ai.request.completed"}));
    auto &service = b.session.reranking();
    QCOMPARE(await(service.rerank(model.id, "", {"one"})).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(await(service.rerank(model.id, "which?", {})).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(await(service.rerank(model.id, "which?", std::vector<std::string>(kMostRanked + 1))).error().code,
             ErrorCode::InvalidArgument);
    QCOMPARE(await(b.session.embeddings().embed(model.id, {"one"})).error().code, ErrorCode::ModelUnsupported);
    b.script.fail("provider.rerank", {ErrorCode::ContextFull, "too long", {}});
    QCOMPARE(await(service.rerank(model.id, "which?", {"one"})).error().code, ErrorCode::ContextFull);
    QCOMPARE(b.vault->log.last("gen_ai.request.failed").flags, (Names{"context_full"}));
    b.policy.setInvalid();
    QCOMPARE(await(service.rerank(model.id, "which?", {"one"})).error().code, ErrorCode::PolicyDenied);
}

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_session.moc"
