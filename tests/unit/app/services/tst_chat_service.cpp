// SPDX-License-Identifier: Apache-2.0
// The way of one question on fakes: the order of its steps, and what remains when each of them fails.
#include "app/services/context_plan.h"
#include "service_bench.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

class ChatServiceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sixStepsInOrder();
    void nothingBeforeTheCallReturns();
    void newConversationGetsTitleAndPrompt();
    void followUpSendsTheHistory();
    void unansweredQuestionsJoinTheNextOne();
    void regenerateMakesAVersion();
    void regenerateOfAForeignMessageFails();
    void recordsHoldNoContent();
    void provenanceIsComplete();
    void provenanceNamesTheModelOfTheCatalogue();
    void reasoningIsABlockOfItsOwn();
    void refusedBeforeAnythingIsStored_data();
    void refusedBeforeAnythingIsStored();
    void policyRefusalNamesTheRule();
    void storingTheQuestionFails();
    void nothingIsAskedWithoutTheReserve();
    void unwritableLogRunsNothing();
    void failsAfterTheRecord_data();
    void failsAfterTheRecord();
    void contextFullNamesFigures();
    void aVeryLongConversationGoesToNoModel();
    void dyingWorkerKeepsTheText();
    void unwritableOutcomeIsWrittenLater();
    void stop_data();
    void stop();
    void stopOfAnUnknownAttemptDoesNothing();
    void unloadingEndsTheAnswerAsStopped();
    void twoAnswersShareCommits();
    void oneConversationOneAnswer();
    void slowDiskIsSaid();
    void shutdownStoresWhatRuns();
    void answerIsCutToWhatTheContextHolds();
};

void ChatServiceTest::sixStepsInOrder()
{
    ServiceBench b;
    const AttemptId attempt = b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.script.calls(), (Names{"storeQuestion", "questionStored", "append:conversation.created",
                                      "append:gen_ai.request.attempted", "append:model.loaded", "provider.load",
                                      "append:model.loaded", "provider.measure", "provider.generate", "storeAnswer",
                                      "append:gen_ai.request.completed", "settle", "answerFinished"}));
    QCOMPARE(plainText(*b.answer), std::string("Hello world."));
    QCOMPARE(b.streamed, std::string("Hello world."));
    QCOMPARE(b.answer->state, MessageState::Complete);
    QCOMPARE(b.answer->id, b.answerId);
    QCOMPARE(b.vault.log.last("gen_ai.request.completed").corr, attempt.text());
    QCOMPARE(b.vault.log.last("gen_ai.request.attempted").corr, attempt.text());
    QCOMPARE(b.vault.log.last("gen_ai.request.attempted").outcome, Outcome::Unknown);
    QVERIFY(b.vault.conversationStore.pending.empty());
    QCOMPARE(b.vault.conversationStore.heads.back().size, std::uint64_t(b.vault.log.events.size()));
}

void ChatServiceTest::nothingBeforeTheCallReturns()
{
    ServiceBench b;
    b.ask();
    QVERIFY(b.script.calls().empty());
    QVERIFY(b.chat.isRunning());
    QVERIFY(b.waitForEnd());
}

void ChatServiceTest::newConversationGetsTitleAndPrompt()
{
    ServiceBench b;
    AskOptions options;
    options.systemPrompt = "Answer briefly.";
    b.ask("Where does the wind come from?\nTell me more.", {}, options);
    QVERIFY(b.waitForEnd());
    const Conversation &stored = b.vault.conversationStore.conversations.at(b.conversation.id);
    QCOMPARE(stored.title, std::string("Where does the wind come from?"));
    QCOMPARE(stored.systemPrompt, std::string("Answer briefly."));
    QCOMPARE(stored.createdMs, MovableClock::kStartMs);
    const auto &turns = b.provider.requests.back().turns;
    QCOMPARE(turns.size(), std::size_t(2));
    QCOMPARE(turns[0].role, Role::System);
    QCOMPARE(turns[0].text, std::string("Answer briefly."));
    QCOMPARE(turns[1].role, Role::User);
    QCOMPARE(b.asked->parent, MessageId{});
    QCOMPARE(b.answer->parent, b.asked->id);
}

void ChatServiceTest::followUpSendsTheHistory()
{
    ServiceBench b;
    b.ask("First question");
    QVERIFY(b.waitForEnd());
    const MessageId firstAnswer = b.answerId;
    AskOptions options;
    options.systemPrompt = "This is for new conversations only.";
    b.ask("Second question", b.conversation.id, options);
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.asked->parent, firstAnswer);
    QCOMPARE(b.script.count("append:conversation.created"), 1);
    const auto &turns = b.provider.requests.back().turns;
    QCOMPARE(turns.size(), std::size_t(3));
    QCOMPARE(turns[0].text, std::string("First question"));
    QCOMPARE(turns[1].role, Role::Assistant);
    QCOMPARE(turns[1].text, std::string("Hello world."));
    QCOMPARE(turns[2].text, std::string("Second question"));
    QCOMPARE(b.vault.conversationStore.conversations.size(), std::size_t(1));
    QCOMPARE(b.vault.conversationStore.conversations.begin()->second.leaf, b.answerId);
}

void ChatServiceTest::unansweredQuestionsJoinTheNextOne()
{
    ServiceBench b;
    b.script.fail("provider.load", {ErrorCode::ModelLoadFailed, "no memory", {}});
    b.ask("First question");
    QVERIFY(b.waitForEnd());
    b.ask("Second question", b.conversation.id);
    QVERIFY(b.waitForEnd());
    const auto &turns = b.provider.requests.back().turns;
    QCOMPARE(turns.size(), std::size_t(1));
    QCOMPARE(turns[0].text, std::string("First question\n\nSecond question"));
}

void ChatServiceTest::regenerateMakesAVersion()
{
    ServiceBench b;
    b.ask("A question");
    QVERIFY(b.waitForEnd());
    const Message first = *b.answer;
    b.provider.answers.push_back({{"Another answer."}});
    b.chat.regenerate(b.conversation.id, first.id, {});
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.asked);
    QVERIFY(b.answer->id != first.id);
    QCOMPARE(b.answer->parent, first.parent);
    QCOMPARE(plainText(*b.answer), std::string("Another answer."));
    QCOMPARE(b.provider.requests.back().turns.size(), std::size_t(1));
    QCOMPARE(b.vault.conversationStore.messages.size(), std::size_t(3));
    QCOMPARE(b.vault.log.last("gen_ai.request.attempted").object->id, first.parent.text());
}

void ChatServiceTest::regenerateOfAForeignMessageFails()
{
    ServiceBench b;
    b.ask("A question");
    QVERIFY(b.waitForEnd());
    b.script.forgetCalls();
    b.chat.regenerate(b.conversation.id, b.asked->id, {}); // a question, not an answer
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failure->code, ErrorCode::NotFound);
    QCOMPARE(b.script.count("storeQuestion"), 0);
}

void ChatServiceTest::recordsHoldNoContent()
{
    ServiceBench b;
    AskOptions options;
    options.systemPrompt = "secret-prompt";
    b.provider.answers.push_back({{"secret-answer"}});
    b.ask("secret-question", {}, options);
    QVERIFY(b.waitForEnd());
    for (const AuditEvent &event : b.vault.log.events) {
        const std::string all = event.policy.reason + event.policy.rule
                                + (event.object ? event.object->id + event.object->label : "")
                                + (event.ai ? event.ai->model + event.ai->stop + event.ai->endpoint : "");
        QVERIFY2(all.find("secret") == std::string::npos, event.event.c_str());
    }
    const AuditEvent &attempted = b.vault.log.last("gen_ai.request.attempted");
    QCOMPARE(attempted.object->contentCommit, std::string("hmac-sha256:00"));
    QCOMPARE(attempted.policy.sha256, b.policy.current().sha256);
    QCOMPARE(attempted.policy.decision, std::string("allow"));
    QCOMPARE(attempted.ai->temperature, std::string("0.70"));
    QVERIFY(b.provenance->contextJson.find("secret") == std::string::npos);
}

void ChatServiceTest::provenanceIsComplete()
{
    ServiceBench b;
    AskOptions options;
    options.systemPrompt = "Be brief.";
    options.sampling.seed = 42;
    options.sampling.temperature = 0.25;
    options.sampling.stop = {"END"};
    options.deterministic = true;
    b.ask("How?", {}, options);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.provenance);
    const auto parse = [](const std::string &text) {
        return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    };
    const QJsonObject parameters = parse(b.provenance->parametersJson);
    QCOMPARE(parameters["seed"].toInt(), 42);
    QCOMPARE(parameters["temperature"].toDouble(), 0.25);
    QCOMPARE(parameters["stop"].toArray().at(0).toString(), QString("END"));
    const QJsonObject mode = parse(b.provenance->modeJson);
    QCOMPARE(mode["threads"].toInt(), 2);
    QCOMPARE(mode["deterministic"].toBool(), true);
    const QJsonObject context = parse(b.provenance->contextJson);
    QCOMPARE(context["messages"].toArray().size(), 1);
    QCOMPARE(context["messages"].toArray().at(0).toString().toStdString(), b.asked->id.text());
    QCOMPARE(context["system_prompt_sha256"].toString().size(), 64);
    QCOMPARE(b.provenance->policySha256, b.policy.current().sha256);
    QCOMPARE(b.provenance->modelSha256, catalogued("SmolLM2").description.sha256);
    QCOMPARE(b.provenance->device, std::string("CPU, 2 threads"));
    QCOMPARE(b.provenance->usage.answerTokens, 3);
    QVERIFY(b.provider.requests.back().deterministic);
}

void ChatServiceTest::provenanceNamesTheModelOfTheCatalogue()
{
    ServiceBench b;
    b.provider.described = catalogued("Something else").description;
    b.provider.described->quantisation = "F64";
    b.ask();
    QVERIFY(b.waitForEnd());
    const ModelDescription wanted = catalogued("SmolLM2").description;
    QCOMPARE(b.provenance->modelName, wanted.name);
    QCOMPARE(b.provenance->modelSha256, wanted.sha256);
    QCOMPARE(b.provenance->quantisation, wanted.quantisation);
}

void ChatServiceTest::reasoningIsABlockOfItsOwn()
{
    ServiceBench b;
    ScriptedAnswer scripted;
    scripted.reasoning = "Let me think.";
    b.provider.answers.push_back(scripted);
    b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.answer->blocks.size(), std::size_t(2));
    QCOMPARE(b.answer->blocks[0].kind, BlockKind::Reasoning);
    QCOMPARE(b.answer->blocks[1].text, std::string("Hello world."));
    QCOMPARE(b.reasoning, std::string("Let me think."));
    QCOMPARE(b.streamed, std::string("Hello world."));
}

void ChatServiceTest::refusedBeforeAnythingIsStored_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("temperature");
    QTest::addColumn<bool>("unknownModel");
    QTest::addColumn<int>("code");
    QTest::newRow("empty question") << "" << 0.7 << false << int(ErrorCode::InvalidArgument);
    QTest::newRow("blanks only") << " \n\t" << 0.7 << false << int(ErrorCode::InvalidArgument);
    QTest::newRow("temperature out of range") << "Hi" << 5.1 << false << int(ErrorCode::InvalidArgument);
    QTest::newRow("temperature not a number") << "Hi" << std::nan("") << false << int(ErrorCode::InvalidArgument);
    QTest::newRow("unknown model") << "Hi" << 0.7 << true << int(ErrorCode::ModelNotFound);
}

void ChatServiceTest::refusedBeforeAnythingIsStored()
{
    QFETCH(QString, text);
    QFETCH(double, temperature);
    QFETCH(bool, unknownModel);
    QFETCH(int, code);
    ServiceBench b;
    AskOptions options;
    options.sampling.temperature = temperature;
    if (unknownModel)
        options.model = ModelId::make(1);
    const AttemptId attempt = b.ask(text.toStdString(), {}, options);
    QVERIFY(b.waitForEnd());
    QCOMPARE(int(b.failed.at(attempt).code), code);
    QCOMPARE(b.script.calls(), (Names{"attemptFailed"}));
}

void ChatServiceTest::policyRefusalNamesTheRule()
{
    ServiceBench b;
    b.policy.setInvalid();
    const AttemptId attempt = b.ask();
    QVERIFY(b.waitForEnd());
    const Error &error = b.failed.at(attempt);
    QCOMPARE(error.code, ErrorCode::PolicyDenied);
    QVERIFY2(error.message.find("policy.invalid") != std::string::npos, error.message.c_str());
    QCOMPARE(b.script.calls(), (Names{"append:gen_ai.request.denied", "attemptFailed"}));
    const AuditEvent &denied = b.vault.log.last("gen_ai.request.denied");
    QCOMPARE(denied.outcome, Outcome::Denied);
    QCOMPARE(denied.policy.rule, std::string("policy.invalid"));
    QCOMPARE(denied.severity, 3);
}

void ChatServiceTest::storingTheQuestionFails()
{
    ServiceBench b;
    b.script.fail("storeQuestion", {ErrorCode::NoSpace, "The disk is full.", {}});
    const AttemptId attempt = b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failed.at(attempt).code, ErrorCode::NoSpace);
    QCOMPARE(b.script.calls(), (Names{"storeQuestion", "attemptFailed"}));
    QVERIFY(b.vault.log.events.empty());
}

void ChatServiceTest::nothingIsAskedWithoutTheReserve()
{
    ServiceBench b;
    b.vault.diskReserve.state = {0, 32 << 20, 39'500'000};
    const AttemptId attempt = b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failed.at(attempt).code, ErrorCode::NoSpace);
    QVERIFY2(b.failed.at(attempt).message.find("needs 40 MB more") != std::string::npos,
             b.failed.at(attempt).message.c_str());
    QCOMPARE(b.script.calls(), (Names{"attemptFailed"}));
    b.vault.diskReserve.state = {32 << 20, 32 << 20, 0};
    b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.script.count("storeQuestion"), 1);
}

void ChatServiceTest::unwritableLogRunsNothing()
{
    ServiceBench b;
    b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "The log's disk is full.", {}};
    const AttemptId attempt = b.ask("Kept?");
    QVERIFY(b.waitForEnd());
    const Error &error = b.failed.at(attempt);
    QCOMPARE(error.code, ErrorCode::AuditUnavailable);
    QVERIFY2(error.message.find("disk is full") != std::string::npos, error.message.c_str());
    QCOMPARE(b.script.calls(), (Names{"storeQuestion", "questionStored", "append:conversation.created",
                                      "append:gen_ai.request.attempted", "attemptFailed"}));
    QCOMPARE(b.vault.conversationStore.messages.size(), std::size_t(1)); // the question, and no faked answer
    QCOMPARE(b.problems.size(), std::size_t(1));
    QCOMPARE(b.vault.conversationStore.pending.size(), std::size_t(1));

    b.vault.log.unwritable.reset();
    b.ask("Now?");
    QVERIFY(b.waitForEnd());
    QVERIFY(b.vault.conversationStore.pending.empty()); // both are settled
}

void ChatServiceTest::failsAfterTheRecord_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("load") << "provider.load" << int(ErrorCode::ModelLoadFailed);
    QTest::newRow("model changed on disk") << "provider.load" << int(ErrorCode::ModelChanged);
    QTest::newRow("measure") << "provider.measure" << int(ErrorCode::EngineStopped);
}

void ChatServiceTest::failsAfterTheRecord()
{
    QFETCH(QString, call);
    QFETCH(int, code);
    ServiceBench b;
    b.script.fail(call.toStdString(), {ErrorCode(code), "It did not work.", {}});
    b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.answer->state, MessageState::Failed);
    QCOMPARE(b.answer->blocks.size(), std::size_t(1));
    QCOMPARE(b.answer->blocks[0].kind, BlockKind::Error);
    QCOMPARE(b.answer->blocks[0].text, std::string("It did not work."));
    QCOMPARE(b.answer->blocks[0].detail, std::string(errorName(ErrorCode(code))));
    QVERIFY(!b.provenance); // the model never ran
    QCOMPARE(b.script.count("provider.generate"), 0);
    const AuditEvent &failed = b.vault.log.last("gen_ai.request.failed");
    QCOMPARE(failed.outcome, Outcome::Failure);
    QCOMPARE(failed.flags,
             (Names{QString::fromStdString(std::string(errorName(ErrorCode(code)))).toLower().toStdString()}));
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void ChatServiceTest::contextFullNamesFigures()
{
    ServiceBench b;
    b.provider.contextTokens = 8;
    b.ask("one two three four five six seven");
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.answer->blocks.back().detail, std::string("CONTEXT_FULL"));
    const std::string &message = b.answer->blocks.back().text;
    QVERIFY2(message.find("needs 7 tokens") != std::string::npos
                 && message.find("and 2 are kept free") != std::string::npos
                 && message.find("holds 8") != std::string::npos,
             message.c_str());
    QCOMPARE(b.script.count("provider.generate"), 0);
}

void ChatServiceTest::aVeryLongConversationGoesToNoModel()
{
    ServiceBench b;
    b.ask(std::string(kMostContextBytes, 'x'));
    QVERIFY(b.waitForEnd());
    const ConversationId id = b.conversation.id;
    b.script.forgetCalls();
    b.ask("And now?", id);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.answer->state == MessageState::Failed);
    QCOMPARE(b.answer->blocks.back().detail, std::string("CONTEXT_FULL"));
    QCOMPARE(b.script.count("provider.measure"), 0);
    QCOMPARE(b.script.count("append:gen_ai.request.failed"), 1);
}

void ChatServiceTest::dyingWorkerKeepsTheText()
{
    ServiceBench b;
    ScriptedAnswer scripted;
    scripted.pieces = {"The text ", "so far"};
    scripted.error = Error{ErrorCode::EngineStopped, "The engine stopped and is running again.", {}};
    b.provider.answers.push_back(scripted);
    b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.answer->state, MessageState::CutOff);
    QCOMPARE(b.answer->blocks.size(), std::size_t(2));
    QCOMPARE(b.answer->blocks[0].text, std::string("The text so far"));
    QCOMPARE(b.answer->blocks[1].kind, BlockKind::Error);
    QCOMPARE(b.answer->blocks[1].detail, std::string("ENGINE_STOPPED"));
    QCOMPARE(plainText(*b.answer), std::string("The text so far"));
    QVERIFY(b.provenance);
    QCOMPARE(b.vault.log.last("gen_ai.request.failed").ai->stop, std::string("error"));
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void ChatServiceTest::unwritableOutcomeIsWrittenLater()
{
    ServiceBench b;
    b.script.fail("append:gen_ai.request.completed", {ErrorCode::AuditUnavailable, "The log is locked.", {}});
    const AttemptId first = b.ask();
    QVERIFY(b.waitForEnd());
    QVERIFY(b.finished.contains(first));
    QCOMPARE(b.problems.size(), std::size_t(1));
    QCOMPARE(b.vault.conversationStore.pending.size(), std::size_t(1));

    b.ask("Again");
    QVERIFY(b.waitForEnd());
    QTRY_VERIFY(b.vault.conversationStore.pending.empty());
    int closed = 0;
    for (const AuditEvent &event : b.vault.log.events)
        closed += event.event == "gen_ai.request.completed" && event.corr == first.text();
    QCOMPARE(closed, 1);
}

void ChatServiceTest::stop_data()
{
    QTest::addColumn<QString>("during");
    QTest::addColumn<bool>("stored");
    QTest::newRow("before it began") << "" << false;
    QTest::newRow("while the question is stored") << "storeQuestion" << true;
    QTest::newRow("while the attempt is recorded") << "append:gen_ai.request.attempted" << true;
    QTest::newRow("while the model is loaded") << "provider.load" << true;
    QTest::newRow("while the prompt is counted") << "provider.measure" << true;
    QTest::newRow("while it writes") << "write" << true;
}

void ChatServiceTest::stop()
{
    QFETCH(QString, during);
    QFETCH(bool, stored);
    ServiceBench b;
    ScriptedAnswer endless;
    endless.endless = true;
    b.provider.answers.push_back(endless);
    const std::string call = during.toStdString();
    if (call != "write")
        b.script.hold(call);
    const AttemptId attempt = b.ask();
    if (call == "write")
        QTRY_VERIFY(b.streamed.size() > 20);
    else if (!call.empty())
        QTRY_COMPARE(b.script.count(call), 1);
    b.chat.stop(attempt);
    b.chat.stop(attempt);
    b.script.release(call);
    QVERIFY(b.waitForEnd());
    if (!stored) {
        QCOMPARE(b.failed.at(attempt).code, ErrorCode::Cancelled);
        QCOMPARE(b.script.calls(), (Names{"attemptFailed"}));
        return;
    }
    QCOMPARE(b.answer->state, MessageState::Stopped);
    QCOMPARE(plainText(*b.answer), b.streamed);
    QCOMPARE(b.vault.log.last("gen_ai.request.cancelled").corr, attempt.text());
    QCOMPARE(b.script.count("provider.generate"), call == "write" ? 1 : 0);
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void ChatServiceTest::stopOfAnUnknownAttemptDoesNothing()
{
    ServiceBench b;
    const AttemptId attempt = b.ask();
    b.chat.stop(AttemptId::make(1));
    QVERIFY(b.waitForEnd());
    b.chat.stop(attempt);
    QCOMPARE(b.answer->state, MessageState::Complete);
}

void ChatServiceTest::unloadingEndsTheAnswerAsStopped()
{
    ServiceBench b;
    ScriptedAnswer scripted;
    scripted.error = Error{ErrorCode::Cancelled, "unloaded", {}};
    b.provider.answers.push_back(scripted);
    b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.answer->state, MessageState::Stopped);
    QCOMPARE(b.answer->blocks.size(), std::size_t(1)); // no error block
    QCOMPARE(b.script.count("append:gen_ai.request.cancelled"), 1);
}

void ChatServiceTest::twoAnswersShareCommits()
{
    ServiceBench b;
    ScriptedAnswer slow;
    slow.pieces = std::vector<std::string>(16, "word ");
    slow.pauseMs = 50;
    b.provider.answers = {slow, slow};
    b.ask("One");
    b.ask("Two");
    QVERIFY(b.waitForEnd());
    const auto &commits = b.vault.conversationStore.commits;
    QVERIFY(!commits.empty());
    // 16 pieces in 50 ms each are 800 ms: one commit per 500 ms for both together, two at the very most.
    QVERIFY2(commits.size() <= 2, std::to_string(commits.size()).c_str());
    std::set<MessageId> together;
    for (const StreamPart &part : commits.front())
        together.insert(part.answer);
    QCOMPARE(together.size(), std::size_t(2));
    QCOMPARE(b.finished.size(), std::size_t(2));
}

void ChatServiceTest::oneConversationOneAnswer()
{
    ServiceBench b;
    b.ask("First");
    QVERIFY(b.waitForEnd());
    ScriptedAnswer endless;
    endless.endless = true;
    b.provider.answers.push_back(endless);
    const AttemptId running = b.ask("Second", b.conversation.id);
    const AttemptId refused = b.ask("Third", b.conversation.id);
    QTRY_VERIFY(b.failed.contains(refused));
    QCOMPARE(b.failed.at(refused).code, ErrorCode::EngineBusy);
    b.chat.stop(running);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.finished.contains(running));
}

void ChatServiceTest::slowDiskIsSaid()
{
    ServiceBench b;
    b.script.hold("appendStreamParts");
    ScriptedAnswer endless;
    endless.endless = true;
    b.provider.answers.push_back(endless);
    const AttemptId attempt = b.ask();
    QTRY_COMPARE(b.script.count("appendStreamParts"), 1);
    QVERIFY(b.waits.empty());
    b.clock.advance(1001);
    QTRY_COMPARE(b.waits, (std::vector<bool>{true}));
    b.script.release("appendStreamParts");
    QTRY_COMPARE(b.waits, (std::vector<bool>{true, false}));
    b.chat.stop(attempt);
    QVERIFY(b.waitForEnd());
}

void ChatServiceTest::shutdownStoresWhatRuns()
{
    ServiceBench b;
    ScriptedAnswer endless;
    endless.endless = true;
    b.provider.answers = {endless, endless};
    b.ask("One");
    b.ask("Two");
    QTRY_VERIFY(b.streamed.size() > 20);
    QVERIFY(await(b.chat.shutdown()).ok());
    QVERIFY(!b.chat.isRunning());
    QCOMPARE(b.finished.size(), std::size_t(2));
    for (const auto &[attempt, message] : b.finished)
        QCOMPARE(message.state, MessageState::Stopped);
    QVERIFY(b.vault.conversationStore.pending.empty());
    const AttemptId late = b.ask("Late");
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failed.at(late).code, ErrorCode::Cancelled);
    QVERIFY(await(b.chat.shutdown()).ok());
}

void ChatServiceTest::answerIsCutToWhatTheContextHolds()
{
    ServiceBench b;
    b.provider.contextTokens = 100;
    AskOptions options;
    options.sampling.maxTokens = 2048;
    b.ask("one two three four", {}, options);
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.answer->state, MessageState::Complete);
    QCOMPARE(b.provider.requests.back().sampling.maxTokens, 96);
}

QTEST_GUILESS_MAIN(ChatServiceTest)
#include "tst_chat_service.moc"
