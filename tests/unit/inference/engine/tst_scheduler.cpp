// SPDX-License-Identifier: Apache-2.0
#include "conversation_fixture.h"
#include "engine_fixture.h"
#include "inference/engine/answer/token_chances.h"
#include "tests/support/answers/near_ties.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;
using test::gapWhereTheyPart;
using test::largestDifference;

namespace {

constexpr int kContext = 1024;
constexpr int kUbatch = 64;

const char *const kQuestions[] = {"What is gravity?", "Name five colours.", "Who wrote Faust?",
                                  "How do I boil an egg?"};

std::string words(int count, const std::string &word = "word ")
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += word;
    return text;
}

/// Never ends by itself.
Generate endless(const LoadedEngine &engine, const std::string &text, int maxTokens)
{
    Generate request = question(text, maxTokens);
    forbidEnd(engine, request);
    return request;
}

} // namespace

class TestScheduler : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void severalTogetherSayWhatEachSaysAlone();
    void oneIsCancelledAnotherGoesOn();
    void aLongPromptDoesNotHoldUpAWriter();
    void promptsShareTheSteps();
    void theNextTurnComputesOnlyWhatIsNew();
    void aSharedBeginningIsComputedOnce();
    void anotherAnswerToTheSameQuestion();
    void theOldestLeaveWhenTheContextIsFull();
    void theYoungestWaitsWhenTheContextIsFull();
    void deterministicRepeatsBitForBit();
    void deterministicRunsAlone();
    void sixtyFourClients();
    void theBackgroundWaits();
    void anAnswerIsGoneOnWith();
    void logprobsAreSaid();
    void biasesCount();
    void guessesAreCheckedAndCounted();
    void aDraftModelGuesses();
    void aStateComesBack();
    void badStatesAreRefused_data();
    void badStatesAreRefused();

private:
    static std::unique_ptr<LoadedEngine> load(LoadOptions options);

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

std::unique_ptr<LoadedEngine> TestScheduler::load(LoadOptions options)
{
    auto engine = loadEngine(kChatModel, std::move(options));
    return engine ? std::move(*engine) : nullptr;
}

void TestScheduler::initTestCase()
{
    m_engine = load({kContext, 1, 256, kUbatch, FlashAttention::On});
    QVERIFY(m_engine != nullptr);
    QCOMPARE(m_engine->info().parallel, 4);
    QCOMPARE(m_engine->info().prefixReuse, std::string("any"));
}

void TestScheduler::severalTogetherSayWhatEachSaysAlone()
{
    std::vector<Heard> alone;
    for (const char *text : kQuestions) {
        Conversations conversations(*m_engine);
        Generate request = question(text, 20);
        request.sampling.logprobs = 2;
        alone.push_back(conversations.answer(request));
        QVERIFY(alone.back().done.has_value() && !alone.back().logprobs.empty());
    }
    Conversations conversations(*m_engine);
    std::vector<std::uint64_t> ids;
    for (const char *text : kQuestions) {
        Generate request = question(text, 20);
        request.sampling.logprobs = 2;
        ids.push_back(conversations.ask(request));
    }
    conversations.run();
    double largest = 0;
    for (std::size_t i = 0; i < ids.size(); ++i)
        largest = std::max(largest, largestDifference(alone[i].logprobs, conversations.heard(ids[i]).logprobs));
    int equal = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Heard &together = conversations.heard(ids[i]);
        const auto gap = gapWhereTheyPart(alone[i].logprobs, together.logprobs);
        equal += gap ? 0 : 1;
        // Another shape of batches may turn over a near-tie, and nothing else.
        QVERIFY2(test::isNearTie(gap, largest),
                 qPrintable(QStringLiteral("%1 of %2").arg(gap.value_or(0)).arg(largest)));
        if (!gap)
            QCOMPARE(together.text, alone[i].text);
    }
    qInfo("%d of %zu equal; batch shapes change the logarithms by at most %g", equal, ids.size(), largest);
    QVERIFY(equal >= 2);
}

void TestScheduler::oneIsCancelledAnotherGoesOn()
{
    Conversations conversations(*m_engine);
    const auto first = conversations.ask(endless(*m_engine, kQuestions[0], 60));
    const auto second = conversations.ask(endless(*m_engine, kQuestions[1], 20));
    while (conversations.heard(second).text.empty())
        QVERIFY(conversations.step());
    conversations.cancel(first);
    QVERIFY(conversations.step());
    QVERIFY(conversations.heard(first).done.has_value());
    QCOMPARE(conversations.heard(first).done->state, MessageState::Stopped);
    QVERIFY(!conversations.heard(second).done.has_value());
    conversations.run();
    QCOMPARE(conversations.heard(second).done->usage.answerTokens, 20);
    // A prompt that is being read can be cancelled as well.
    const auto reading = conversations.ask(question(words(500), 10));
    QVERIFY(conversations.step());
    conversations.cancel(reading);
    conversations.run();
    QCOMPARE(conversations.heard(reading).done->state, MessageState::Stopped);
    QCOMPARE(conversations.heard(reading).done->usage.answerTokens, 0);
}

void TestScheduler::aLongPromptDoesNotHoldUpAWriter()
{
    Conversations conversations(*m_engine);
    Generate writing = endless(*m_engine, kQuestions[0], 100);
    writing.sampling.logprobs = 0; // one frame a token
    const auto writer = conversations.ask(writing);
    while (conversations.heard(writer).logprobs.empty())
        QVERIFY(conversations.step());
    const auto reader = conversations.ask(question(words(400), 4));
    const auto written = [&] { return conversations.heard(writer).logprobs.size(); };
    std::size_t steps = 0;
    while (!conversations.heard(reader).done && written() < 100) {
        const std::size_t before = written();
        QVERIFY(conversations.step());
        QCOMPARE(written(), before + 1); // a token in every step
        ++steps;
    }
    QVERIFY2(steps >= 400 / kUbatch, qPrintable(QString::number(steps)));
    QVERIFY(conversations.heard(reader).done.has_value()); // it is not held up, either
    conversations.run();
}

void TestScheduler::promptsShareTheSteps()
{
    Conversations conversations(*m_engine);
    Generate request = question(words(400), 4);
    request.reusePrefix = false;
    const auto large = conversations.ask(request);
    request.turns[0].text = words(60, "other ");
    const auto small = conversations.ask(request);
    while (!conversations.heard(small).done)
        QVERIFY(conversations.step());
    const auto &progress = conversations.heard(large).progress.back();
    QVERIFY2(progress.done < progress.total, "the short prompt has waited for the long one");
    conversations.run();
    QVERIFY(conversations.heard(large).done.has_value());
}

void TestScheduler::theNextTurnComputesOnlyWhatIsNew()
{
    Conversations conversations(*m_engine);
    Generate request = question(kQuestions[0], 24);
    const Heard first = conversations.answer(request);
    QCOMPARE(first.done->usage.promptReused, 0);
    QCOMPARE(first.done->usage.promptComputed, first.done->usage.promptTokens);
    request.turns.push_back({Role::Assistant, first.text});
    request.turns.push_back({Role::User, "And on the moon?"});
    const Heard second = conversations.answer(request);
    const Usage &usage = second.done->usage;
    // All of the first turn but the end of the answer, which may be cut into other tokens.
    QVERIFY(usage.promptReused >= first.done->usage.promptTokens + first.done->usage.answerTokens - 2);
    QCOMPARE(usage.promptReused + usage.promptComputed, usage.promptTokens);
    QCOMPARE(second.progress.front().done, 0);
    QVERIFY(second.progress[1].done > usage.promptReused);
    request.reusePrefix = false;
    QCOMPARE(conversations.answer(request).done->usage.promptReused, 0);
}

void TestScheduler::aSharedBeginningIsComputedOnce()
{
    Conversations conversations(*m_engine);
    std::vector<std::uint64_t> ids;
    for (const char *text : kQuestions) {
        Generate request = question(text, 8);
        request.turns.insert(request.turns.begin(), {Role::System, words(150, "Be brief. ")});
        ids.push_back(conversations.ask(request));
    }
    conversations.run();
    int computed = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Usage &usage = conversations.heard(ids[i]).done->usage;
        QVERIFY(usage.promptTokens > 300);
        QCOMPARE(usage.promptReused + usage.promptComputed, usage.promptTokens);
        computed += usage.promptComputed;
        if (i > 0)
            QVERIFY2(usage.promptReused >= 300, qPrintable(QString::number(usage.promptReused)));
    }
    QVERIFY(computed < 2 * conversations.heard(ids[0]).done->usage.promptTokens);
}

void TestScheduler::anotherAnswerToTheSameQuestion()
{
    Conversations conversations(*m_engine);
    const Heard first = conversations.answer(question(kQuestions[0], 40));
    const Heard again = conversations.answer(question(kQuestions[0], 40));
    QCOMPARE(again.done->usage.promptReused, first.done->usage.promptTokens - 1); // the last token's logits are needed
    QCOMPARE(again.done->usage.promptComputed, 1);
}

void TestScheduler::theOldestLeaveWhenTheContextIsFull()
{
    const auto engine = load({512, 1, 256, kUbatch, FlashAttention::On});
    QVERIFY(engine != nullptr);
    Conversations conversations(*engine);
    const Heard first = conversations.answer(question(words(170, "one "), 2));
    const Heard second = conversations.answer(question(words(170, "two "), 2));
    const Heard third = conversations.answer(question(words(170, "three "), 2)); // together more than 512
    QVERIFY(first.done && second.done && third.done);
    const int again = conversations.answer(question(words(170, "three "), 2)).done->usage.promptReused;
    QVERIFY2(again > 160, qPrintable(QString::number(again)));
    const Heard forgotten = conversations.answer(question(words(170, "one "), 2));
    QVERIFY2(forgotten.done->usage.promptReused < 60, qPrintable(QString::number(forgotten.done->usage.promptReused)));
    // One conversation may fill everything.
    const Heard all = conversations.answer(endless(*engine, words(300), 1000));
    QCOMPARE(all.done->state, MessageState::Length);
    QCOMPARE(all.done->usage.promptTokens + all.done->usage.answerTokens, 512);
}

void TestScheduler::theYoungestWaitsWhenTheContextIsFull()
{
    const auto engine = load({768, 1, 256, kUbatch, FlashAttention::On});
    QVERIFY(engine != nullptr);
    QCOMPARE(engine->info().contextTokens, 768);
    Conversations conversations(*engine);
    const auto first = conversations.ask(endless(*engine, kQuestions[0], 420));
    const auto second = conversations.ask(endless(*engine, kQuestions[1], 420));
    conversations.run();
    QCOMPARE(conversations.heard(first).done->usage.answerTokens, 420);
    QCOMPARE(conversations.heard(second).done->usage.answerTokens, 420);
    QCOMPARE(conversations.heard(first).done->usage.promptComputed,
             conversations.heard(first).done->usage.promptTokens);
    const Usage &paused = conversations.heard(second).done->usage;
    QVERIFY2(paused.promptComputed > paused.promptTokens, "it was never read again: nothing has been tested");
    QCOMPARE(conversations.heard(second).progress.back().done, paused.promptTokens);
}

void TestScheduler::deterministicRepeatsBitForBit()
{
    Generate request = question(kQuestions[2], 24);
    request.sampling.temperature = 0.9;
    request.sampling.seed = 7;
    request.sampling.logprobs = 5;
    request.deterministic = true;
    Conversations conversations(*m_engine);
    const Heard first = conversations.answer(request);
    QVERIFY(!first.logprobs.empty());
    // Whatever happens in between, and with the same conversation in memory.
    for (const char *text : kQuestions)
        (void)conversations.ask(question(text, 10));
    const auto again = conversations.ask(request);
    conversations.run();
    QCOMPARE(conversations.heard(again).text, first.text);
    QVERIFY(conversations.heard(again).logprobs == first.logprobs);
    QCOMPARE(conversations.heard(again).done->usage.promptReused, 0);
    QVERIFY(conversations.answer(request).logprobs == first.logprobs);
}

void TestScheduler::deterministicRunsAlone()
{
    Conversations conversations(*m_engine);
    Generate request = question(kQuestions[2], 6);
    const auto before = conversations.ask(endless(*m_engine, kQuestions[0], 12));
    QVERIFY(conversations.step());
    request.deterministic = true;
    const auto alone = conversations.ask(request);
    const auto after = conversations.ask(question(kQuestions[3], 2));
    while (!conversations.heard(before).done) {
        QVERIFY(conversations.heard(alone).progress.empty()); // not even begun
        QVERIFY(conversations.step());
    }
    while (!conversations.heard(alone).done) {
        QVERIFY(conversations.heard(after).progress.empty());
        QVERIFY(conversations.step());
    }
    conversations.run();
    QCOMPARE(conversations.heard(before).order, 1);
    QCOMPARE(conversations.heard(alone).order, 2);
    QCOMPARE(conversations.heard(after).order, 3);
}

void TestScheduler::sixtyFourClients()
{
    Conversations conversations(*m_engine);
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 64; ++i)
        ids.push_back(conversations.ask(question("Client " + std::to_string(i) + ": hello", 3)));
    conversations.run();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Heard &heard = conversations.heard(ids[i]);
        QVERIFY(heard.done.has_value());
        QVERIFY(heard.done->usage.answerTokens >= 1);
        // In the order of coming, as far as answers of a few tokens can tell.
        QVERIFY2(std::abs(heard.order - static_cast<int>(i) - 1) <= 8, qPrintable(QString::number(heard.order)));
    }
}

void TestScheduler::theBackgroundWaits()
{
    const auto engine = load({kContext, 1, 256, kUbatch, FlashAttention::On, 1});
    QVERIFY(engine != nullptr);
    Conversations conversations(*engine);
    Generate request = question(kQuestions[0], 1);
    request.background = true;
    const auto background = conversations.ask(request);
    request.background = false;
    for (int i = 0; i < 2 * RequestQueue::kPatience; ++i)
        (void)conversations.ask(request);
    conversations.run();
    QCOMPARE(conversations.heard(background).order, RequestQueue::kPatience + 1);
}

void TestScheduler::anAnswerIsGoneOnWith()
{
    Conversations conversations(*m_engine);
    Generate request = question("Count from one to six.", 12);
    const std::string given = "one, two, three";
    request.turns.push_back({Role::Assistant, given});
    request.turns.back().prefix = true;
    const Heard heard = conversations.answer(request);
    QVERIFY(heard.done.has_value());
    std::string prompt;
    for (const std::int32_t token : *heard.done->promptTokenIds)
        prompt += tokenBytes(m_engine->vocab(), token, true);
    QVERIFY(prompt.ends_with(given)); // nothing of the template comes between it and what follows
    QVERIFY2(heard.text.find("four") != std::string::npos, heard.text.c_str());
    QVERIFY2(heard.text.find("one") == std::string::npos, heard.text.c_str());
    request.turns.back().role = Role::User;
    QCOMPARE(conversations.answer(request).error->code, ErrorCode::InvalidArgument);
    request.turns.front().prefix = true;
    QCOMPARE(conversations.answer(request).error->code, ErrorCode::InvalidArgument);
}

void TestScheduler::logprobsAreSaid()
{
    Conversations conversations(*m_engine);
    Generate request = question(kQuestions[1], 8);
    request.sampling.logprobs = 3;
    const Heard heard = conversations.answer(request);
    QCOMPARE(heard.logprobs.size(), heard.done->answerTokenIds->size());
    std::string text;
    for (std::size_t i = 0; i < heard.logprobs.size(); ++i) {
        const TokenLogprob &token = heard.logprobs[i];
        QCOMPARE(token.chosen.token, (*heard.done->answerTokenIds)[i]);
        QCOMPARE(token.alternatives.size(), std::size_t{3});
        QVERIFY(token.alternatives[0] == token.chosen); // greedy
        QVERIFY(token.alternatives[0].logprob >= token.alternatives[1].logprob);
        QVERIFY(token.chosen.logprob <= 0);
        text += token.chosen.bytes;
    }
    QVERIFY(text.starts_with(heard.text));
    request.sampling.logprobs = -1;
    QVERIFY(conversations.answer(request).logprobs.empty());
}

void TestScheduler::biasesCount()
{
    Conversations conversations(*m_engine);
    Generate request = question(kQuestions[0], 1);
    const std::int32_t first = conversations.answer(request).done->answerTokenIds->front();
    request.sampling.logitBias = {{first, kForbidden}};
    const std::int32_t other = conversations.answer(request).done->answerTokenIds->front();
    QVERIFY(other != first);
    const TokenIds wanted = tokenizeText(m_engine->vocab(), "banana", false);
    request.sampling.logitBias = {{wanted.front(), 100}};
    QCOMPARE(conversations.answer(request).done->answerTokenIds->front(), wanted.front());
    request.sampling.logitBias = {{llama_vocab_n_tokens(m_engine->vocab()), 1}};
    QCOMPARE(conversations.answer(request).error->code, ErrorCode::InvalidArgument);
}

void TestScheduler::guessesAreCheckedAndCounted()
{
    LoadOptions options{kContext, 1, 256, kUbatch, FlashAttention::On};
    options.speculation = Speculation::Prompt;
    const auto engine = load(options);
    QVERIFY(engine != nullptr);
    Generate request = questionThatQuotesItself();
    request.sampling.logprobs = 2;
    Conversations plain(*m_engine);
    const Heard expected = plain.answer(request);
    QCOMPARE(expected.done->usage.drafted, 0);
    Conversations guessing(*engine);
    const Heard heard = guessing.answer(request);
    const Usage &usage = heard.done->usage;
    QVERIFY(usage.drafted > 0);
    QVERIFY2(usage.draftAccepted > 10, qPrintable(QString::number(usage.draftAccepted)));
    QVERIFY(usage.draftAccepted <= usage.drafted);
    QCOMPARE(heard.logprobs.size(), std::size_t(usage.answerTokens));
    const auto gap = gapWhereTheyPart(expected.logprobs, heard.logprobs);
    QVERIFY(test::isNearTie(gap, largestDifference(expected.logprobs, heard.logprobs)));
    // What was guessed wrong is no longer in memory: the next turn finds the answer as it was said.
    request.turns.push_back({Role::Assistant, heard.text});
    request.turns.push_back({Role::User, "Thank you."});
    request.sampling.maxTokens = 4;
    request.sampling.grammar.clear();
    const Heard next = guessing.answer(request);
    QVERIFY(next.done->usage.promptReused >= usage.promptTokens);
    request.deterministic = true;
    QCOMPARE(guessing.answer(request).done->usage.drafted, 0);
}

void TestScheduler::aDraftModelGuesses()
{
    // The starter model, quantised again: the same vocabulary, other opinions.
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("draft.gguf")).toStdString();
    llama_model_quantize_params parameters = llama_model_quantize_default_params();
    parameters.nthread = 1;
    parameters.ftype = LLAMA_FTYPE_MOSTLY_Q8_0;
    parameters.allow_requantize = true;
    QCOMPARE(llama_model_quantize(kChatModel, path.c_str(), &parameters), 0U);

    Generate request = question(kQuestions[0], 40);
    request.sampling.logprobs = 2;
    Conversations plain(*m_engine);
    const Heard expected = plain.answer(request);
    LoadOptions options{kContext, 1, 256, kUbatch, FlashAttention::On};
    options.speculation = Speculation::Draft;
    options.draftPath = path;
    const auto engine = load(options);
    QVERIFY(engine != nullptr && engine->draft() != nullptr);
    Conversations guessing(*engine);
    const Heard heard = guessing.answer(request);
    QVERIFY2(heard.done->usage.draftAccepted > 8, qPrintable(QString::number(heard.done->usage.draftAccepted)));
    QCOMPARE(heard.logprobs.size(), std::size_t(heard.done->usage.answerTokens));
    const auto gap = gapWhereTheyPart(expected.logprobs, heard.logprobs);
    QVERIFY(test::isNearTie(gap, largestDifference(expected.logprobs, heard.logprobs)));
    // Two at a time, and the next turn of one of them.
    const auto first = guessing.ask(request);
    const auto second = guessing.ask(question(kQuestions[1], 20));
    guessing.run();
    QVERIFY(guessing.heard(first).done && guessing.heard(second).done);
    // Another vocabulary does not do; a missing file is named.
    options.draftPath = kEmbeddingModel;
    QVERIFY(!loadEngine(kChatModel, options).ok());
    options.draftPath = path;
    options.draftSha256 = std::string(64, '0');
    QCOMPARE(loadEngine(kChatModel, options).error().code, ErrorCode::ModelChanged);
    options.draftPath = "/no/such/draft.gguf";
    QCOMPARE(loadEngine(kChatModel, options).error().code, ErrorCode::ModelNotFound);
}

void TestScheduler::aStateComesBack()
{
    Generate request = question(words(100) + kQuestions[0], 12);
    request.conversation = "conversation 1";
    Heard saved;
    Heard first;
    {
        Conversations conversations(*m_engine);
        QCOMPARE(conversations.answer(SaveState{"conversation 1"}).error->code, ErrorCode::NotFound);
        first = conversations.answer(request);
        saved = conversations.answer(SaveState{"conversation 1"});
        QVERIFY(saved.state.has_value());
        QCOMPARE(saved.bulk.size(), std::size_t(saved.state->bytes));
        QCOMPARE(saved.state->tokens.size(),
                 std::size_t(first.done->usage.promptTokens + first.done->usage.answerTokens - 1));
        QCOMPARE(conversations.answer(ForgetState{"conversation 1"}).restored->tokens, int(saved.state->tokens.size()));
        QCOMPARE(conversations.answer(ForgetState{"conversation 1"}).restored->tokens, 0);
        QCOMPARE(conversations.answer(request).done->usage.promptReused, 0);
    }
    Conversations later(*m_engine); // begins with an empty memory
    (void)later.answer(question("Something else.", 4));
    QCOMPARE(later.answer(RestoreState{"conversation 1", *saved.state}, saved.bulk).restored->tokens,
             int(saved.state->tokens.size()));
    // The same numbers: saved again, they are the same bytes but for where they lie.
    QCOMPARE(later.answer(SaveState{"conversation 1"}).bulk.size(), saved.bulk.size());
    request.turns.push_back({Role::Assistant, first.text});
    request.turns.push_back({Role::User, "And on the moon?"});
    const Heard next = later.answer(request);
    QVERIFY(next.done->usage.promptReused >= int(saved.state->tokens.size()) - 2);
    // The same as if it had never left.
    Conversations stayed(*m_engine);
    Generate beginning = request;
    beginning.turns.resize(1);
    (void)stayed.answer(beginning);
    QCOMPARE(next.text, stayed.answer(request).text);
}

void TestScheduler::badStatesAreRefused_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("no bytes") << 0;
    QTest::newRow("cut off") << 1;
    QTest::newRow("too long") << 2;
    QTest::newRow("fewer tokens") << 3;
    QTest::newRow("no tokens") << 4;
    QTest::newRow("unknown token") << 5;
    QTest::newRow("too many tokens") << 6;
    QTest::newRow("no key") << 7;
}

void TestScheduler::badStatesAreRefused()
{
    QFETCH(int, which);
    Conversations conversations(*m_engine);
    Generate request = question(kQuestions[0], 4);
    request.conversation = "c";
    (void)conversations.answer(request);
    const Heard saved = conversations.answer(SaveState{"c"});
    RestoreState bad{"c", *saved.state};
    std::string bytes = saved.bulk;
    switch (which) {
    case 0: bytes.clear(); break;
    case 1: bytes.resize(bytes.size() / 2); break;
    case 2: bytes += "more"; break;
    case 3: bad.state.tokens.pop_back(); break;
    case 4: bad.state.tokens.clear(); break;
    case 5: bad.state.tokens.back() = -1; break;
    case 6: bad.state.tokens.resize(kContext, 1); break;
    default: bad.conversation.clear();
    }
    const Heard refused = conversations.answer(bad, bytes);
    QVERIFY(refused.error.has_value());
    QCOMPARE(refused.error->code, which == 6 ? ErrorCode::ContextFull : ErrorCode::InvalidArgument);
    // The model is in order afterwards.
    QVERIFY(!conversations.answer(request).text.empty());
}

QTEST_APPLESS_MAIN(TestScheduler)
#include "tst_scheduler.moc"
