// SPDX-License-Identifier: Apache-2.0
// What can be asked of an answer beside its text: a beginning, a model that guesses, chances of its tokens.
#include "service_bench.h"

#include <cmath>

using namespace tramontane;
using namespace tramontane::test;

class TestAnswerOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAnswerBeginsWithWhatWasGiven();
    void goingOnIsAnotherVersion();
    void aDraftModelComesFromTheCatalogue();
    void aDraftModelThatPolicyRefuses();
    void aDraftModelThatHasBeenSetAside();
    void anUnknownDraftModel();
    void biasesAreChecked_data();
    void biasesAreChecked();
};

void TestAnswerOptions::anAnswerBeginsWithWhatWasGiven()
{
    ServiceBench b;
    AskOptions options;
    options.beginning = "One, two,";
    b.provider.answers.push_back({{" three", " four."}});
    b.ask("Count to four.", {}, options);
    QVERIFY(b.waitForEnd());
    const ChatTurn &last = b.provider.requests.back().turns.back();
    QVERIFY(last.prefix);
    QCOMPARE(last.role, Role::Assistant);
    QCOMPARE(last.text, std::string("One, two,"));
    QCOMPARE(b.streamed, std::string("One, two, three four."));
    QCOMPARE(b.answer->blocks.size(), std::size_t(1));
    QCOMPARE(b.answer->blocks[0].text, std::string("One, two, three four."));
}

void TestAnswerOptions::goingOnIsAnotherVersion()
{
    ServiceBench b;
    b.provider.answers = {{{"One, two,"}}, {{" three."}}};
    b.ask("Count to three.");
    QVERIFY(b.waitForEnd());
    const Message first = *b.answer;
    AskOptions options;
    options.beginning = first.blocks[0].text;
    b.chat.regenerate(b.conversation.id, first.id, options);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.answer->id != first.id);
    QCOMPARE(b.answer->parent, first.parent);
    QCOMPARE(b.answer->blocks[0].text, std::string("One, two, three."));
    // The answer itself is not in the prompt a second time.
    QCOMPARE(b.provider.requests.back().turns.size(), b.provider.requests.front().turns.size() + 1);
}

namespace {

/// Takes `draft` into the catalogue and lets it guess for the chat model.
void askWithDraft(ServiceBench &b, const ModelRef &draft)
{
    b.vault.modelStore.models[draft.id] = draft;
    QVERIFY(await(b.models.start()).ok());
    AskOptions options;
    options.model = b.models.resolve("SmolLM2")->id;
    options.draft = draft.id;
    b.ask("Quick!", {}, options);
}

} // namespace

void TestAnswerOptions::aDraftModelComesFromTheCatalogue()
{
    ServiceBench b;
    const ModelRef draft = catalogued("Small");
    askWithDraft(b, draft);
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.failure);
    QCOMPARE(b.provider.loads.back().speculation, Speculation::Draft);
    QCOMPARE(b.provider.loads.back().draftPath, draft.path);
    QCOMPARE(b.provider.loads.back().draftSha256, draft.description.sha256);
}

void TestAnswerOptions::aDraftModelThatPolicyRefuses()
{
    ServiceBench b;
    const ModelRef allowed = *b.models.resolve("SmolLM2");
    const ModelRef draft = catalogued("Small");
    b.vault.modelStore.models[draft.id] = draft;
    QVERIFY(await(b.models.start()).ok());
    b.policy.setManaged(R"({"id":"a","version":1,"values":{"models.allow":[")" + allowed.description.sha256
                        + R"("]}})");
    AskOptions options;
    options.model = allowed.id;
    b.ask("May I?", {}, options);
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.failure);
    options.draft = draft.id;
    b.script.forgetCalls();
    b.ask("May I, with a draft?", {}, options);
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failure->code, ErrorCode::PolicyDenied);
    QCOMPARE(b.script.count("storeQuestion"), 0);
    QCOMPARE(b.vault.log.last("gen_ai.request.denied").ai->modelSha256, draft.description.sha256);
}

void TestAnswerOptions::aDraftModelThatHasBeenSetAside()
{
    ServiceBench b;
    ModelRef draft = catalogued("Small");
    draft.quarantine = "It crashed.";
    askWithDraft(b, draft);
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failure->code, ErrorCode::ModelQuarantined);
    QCOMPARE(b.script.count("provider.load"), 0);
}

void TestAnswerOptions::anUnknownDraftModel()
{
    ServiceBench b;
    AskOptions options;
    options.draft = ModelId::make(1);
    b.ask("Quick!", {}, options);
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failure->code, ErrorCode::ModelNotFound);
    QCOMPARE(b.script.count("storeQuestion"), 0);
}

void TestAnswerOptions::biasesAreChecked_data()
{
    QTest::addColumn<int>("token");
    QTest::addColumn<double>("bias");
    QTest::addColumn<int>("logprobs");
    QTest::addColumn<bool>("good");
    QTest::newRow("the least") << 0 << -100.0 << 0 << true;
    QTest::newRow("the most") << 1 << 100.0 << 20 << true;
    QTest::newRow("token below zero") << -1 << 1.0 << -1 << false;
    QTest::newRow("too little") << 1 << -100.5 << -1 << false;
    QTest::newRow("too much") << 1 << 100.5 << -1 << false;
    QTest::newRow("no number") << 1 << std::nan("") << -1 << false;
    QTest::newRow("too many alternatives") << 1 << 1.0 << 21 << false;
    QTest::newRow("fewer than none") << 1 << 1.0 << -2 << false;
}

void TestAnswerOptions::biasesAreChecked()
{
    QFETCH(int, token);
    QFETCH(double, bias);
    QFETCH(int, logprobs);
    QFETCH(bool, good);
    ServiceBench b;
    AskOptions options;
    options.sampling.logitBias = {{token, bias}};
    options.sampling.logprobs = logprobs;
    b.ask("A question", {}, options);
    QVERIFY(b.waitForEnd());
    QCOMPARE(!b.failure.has_value(), good);
    if (!good)
        QCOMPARE(b.failure->code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestAnswerOptions)
#include "tst_answer_options.moc"
