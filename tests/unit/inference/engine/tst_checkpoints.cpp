// SPDX-License-Identifier: Apache-2.0
#include "conversation_fixture.h"
#include "engine_fixture.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;

namespace {

constexpr int kContext = 4096;
constexpr int kAnswer = 24;

std::string words(int count, const std::string &word)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += word + " " + std::to_string(i * 7919 % 1000) + " ";
    return text;
}

const std::string kSystem = "You are a careful judge. " + words(40, "rule");
const std::string kLong = words(300, "fact"); // some 1500 tokens, more than the sliding window's cells

} // namespace

// Tiny models with random weights: a recurrent one, one with recurrent and attention layers, one with a sliding window.
class TestCheckpoints : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void init();
    void aModelSaysHowItGoesBack();
    void anotherAnswerComputesOneToken();
    void anEditedQuestionComputesOnlyItself();
    void anEarlierQuestionGoesBackFurther();
    void aStoppedAnswerGoesOn();
    void aLongPromptHasCheckpointsOnItsWay();
    void aChangeBeforeAllComputesEverything();
    void fiftyTurnsStayBounded();
    void aSystemPromptIsShared();
    void runningAnswersBeginAlike();
    void aForgottenConversationLeavesNothing();
    void aStateComesBack();
    void badSavedCheckpointsAreRefused();
    void whatWasAbortedIsTakenBack();
    void deterministicTakesNone();

private:
    [[nodiscard]] Generate ask(const std::vector<Turn> &turns, const std::string &conversation = {}) const;
    /// The same from an empty memory. It empties the memory of all that is there: Conversations from before are over.
    [[nodiscard]] Heard fresh(Generate request);
    static void compare(const Heard &found, const Heard &expected);

    Quiet m_quiet;
    QByteArray m_loaded;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestCheckpoints::initTestCase_data()
{
    QTest::addColumn<QByteArray>("model");
    for (const char *model : {"mamba", "lfm2", "gemma2"})
        QTest::newRow(model) << QByteArray(model);
}

void TestCheckpoints::init()
{
    QFETCH_GLOBAL(QByteArray, model);
    if (model == m_loaded)
        return;
    m_engine.reset();
    LoadOptions options{kContext, 1, 256, 64};
    options.parallel = 3;
    auto engine = loadEngine((TINY_MODELS "/" + model + ".gguf").constData(), options);
    QVERIFY2(engine.ok(), engine ? "" : (engine.error().message + engine.error().detail).c_str());
    m_engine = std::move(*engine);
    m_loaded = model;
}

Generate TestCheckpoints::ask(const std::vector<Turn> &turns, const std::string &conversation) const
{
    Generate request = question({}, kAnswer);
    request.turns = turns;
    request.conversation = conversation;
    request.sampling.logprobs = 1;
    for (llama_token token = 0; token < llama_vocab_n_tokens(m_engine->vocab()); ++token) {
        if (llama_vocab_is_eog(m_engine->vocab(), token))
            request.sampling.logitBias.push_back({token, kForbidden});
    }
    return request;
}

Heard TestCheckpoints::fresh(Generate request)
{
    request.deterministic = true;
    Conversations conversations(*m_engine);
    return conversations.answer(request);
}

void TestCheckpoints::compare(const Heard &found, const Heard &expected)
{
    QVERIFY(found.done && expected.done);
    QCOMPARE(found.logprobs.size(), std::size_t{kAnswer});
    double largest = 0;
    for (std::size_t i = 0; i < kAnswer; ++i) {
        QCOMPARE(found.logprobs[i].chosen.token, expected.logprobs[i].chosen.token);
        largest = std::max(largest, std::abs(found.logprobs[i].chosen.logprob - expected.logprobs[i].chosen.logprob));
    }
    QVERIFY(*found.done->answerTokenIds == *expected.done->answerTokenIds);
    // Other batches add in another order; a wrong memory is off by whole units.
    QVERIFY2(largest < 0.02, qPrintable(QString::number(largest)));
}

void TestCheckpoints::aModelSaysHowItGoesBack()
{
    QCOMPARE(m_engine->info().prefixReuse, std::string("checkpoints"));
    // What stands far before matters, or equal answers would prove nothing.
    const std::vector<Turn> question{{Role::System, kSystem}, {Role::User, "Who is right?"}};
    const Heard one = fresh(ask(question));
    const Heard other = fresh(ask({{Role::System, "No. " + kSystem}, question[1]}));
    QVERIFY(*one.done->answerTokenIds != *other.done->answerTokenIds);
}

void TestCheckpoints::anotherAnswerComputesOneToken()
{
    const Generate request = ask({{Role::System, kSystem}, {Role::User, kLong}});
    const Heard expected = fresh(request);
    Conversations conversations(*m_engine);
    compare(conversations.answer(request), expected);
    const Heard again = conversations.answer(request);
    QCOMPARE(again.done->usage.promptComputed, 1);
    QCOMPARE(again.done->usage.promptReused, again.done->usage.promptTokens - 1);
    compare(again, expected);
}

void TestCheckpoints::anEditedQuestionComputesOnlyItself()
{
    std::vector<Turn> turns{{Role::System, kSystem},
                            {Role::User, kLong.substr(0, 1000)},
                            {Role::Assistant, "Nobody is."},
                            {Role::User, kLong}};
    const Heard expected = fresh(ask({turns[0], turns[1], turns[2], {Role::User, "Why?"}}));
    Conversations conversations(*m_engine);
    (void)conversations.answer(ask(turns));
    turns.back().text = "Why?";
    const Heard edited = conversations.answer(ask(turns));
    QVERIFY2(edited.done->usage.promptComputed < 12, qPrintable(QString::number(edited.done->usage.promptComputed)));
    QCOMPARE(edited.done->usage.promptReused + edited.done->usage.promptComputed, edited.done->usage.promptTokens);
    compare(edited, expected);
}

void TestCheckpoints::anEarlierQuestionGoesBackFurther()
{
    std::vector<Turn> turns{{Role::System, kSystem}, {Role::User, "One " + kLong.substr(0, 1000)}};
    Conversations conversations(*m_engine);
    for (const char *next : {"Two ", "Three "}) {
        (void)conversations.answer(ask(turns));
        turns.push_back({Role::Assistant, "Nobody is."});
        turns.push_back({Role::User, next + kLong.substr(0, 2000)});
    }
    (void)conversations.answer(ask(turns));
    turns.resize(3); // the second question
    turns.push_back({Role::User, "Why?"});
    const Heard edited = conversations.answer(ask(turns));
    QVERIFY2(edited.done->usage.promptComputed < 12, qPrintable(QString::number(edited.done->usage.promptComputed)));
    compare(edited, fresh(ask(turns)));
}

void TestCheckpoints::aStoppedAnswerGoesOn()
{
    std::vector<Turn> turns{{Role::System, kSystem}, {Role::User, kLong}};
    Conversations conversations(*m_engine);
    const auto id = conversations.ask(ask(turns));
    while (conversations.heard(id).logprobs.size() < 5)
        QVERIFY(conversations.step());
    conversations.cancel(id);
    conversations.run();
    QCOMPARE(conversations.heard(id).done->state, MessageState::Stopped);
    // What is gone on with need not be cut into the same tokens as what was written.
    turns.push_back({Role::Assistant, "It is so, as ", {}, {}, {}, {}, {}, true});
    const Heard more = conversations.answer(ask(turns));
    QVERIFY2(more.done->usage.promptComputed < 12, qPrintable(QString::number(more.done->usage.promptComputed)));
    compare(more, fresh(ask(turns)));
}

void TestCheckpoints::aLongPromptHasCheckpointsOnItsWay()
{
    std::vector<Turn> turns{{Role::User, kLong + kLong}};
    Conversations conversations(*m_engine);
    (void)conversations.answer(ask(turns));
    turns[0].text.resize(kLong.size() + kLong.size() * 3 / 4); // the end is changed: somewhere in the question itself
    const Heard edited = conversations.answer(ask(turns));
    constexpr int kEvery = Checkpoints::kEvery;
    // A sliding window can also be cut where it still has its cells.
    QVERIFY(edited.done->usage.promptReused >= edited.done->usage.promptTokens / kEvery * kEvery);
    QVERIFY(edited.done->usage.promptTokens > 2 * kEvery);
    compare(edited, fresh(ask(turns)));
}

void TestCheckpoints::aChangeBeforeAllComputesEverything()
{
    std::vector<Turn> turns{{Role::System, kSystem}, {Role::User, kLong}};
    Conversations conversations(*m_engine);
    (void)conversations.answer(ask(turns));
    turns[0].text = "No. " + kSystem;
    const Heard changed = conversations.answer(ask(turns));
    QVERIFY(changed.done->usage.promptReused < 32);
    compare(changed, fresh(ask(turns)));
}

void TestCheckpoints::fiftyTurnsStayBounded()
{
    const CheckpointStore::Limits limits;
    std::vector<Turn> turns{{Role::System, kSystem}};
    Conversations conversations(*m_engine);
    for (int turn = 0; turn < 50; ++turn) {
        turns.push_back({Role::User, "Question " + std::to_string(turn) + ": " + words(4, "why")});
        Generate request = ask(turns, "c");
        request.sampling.maxTokens = 2;
        const Heard &heard = conversations.answer(request);
        QVERIFY(heard.done.has_value());
        if (turn > 0) // the answer is not what the model wrote: no further back than to its beginning
            QVERIFY2(heard.done->usage.promptComputed < 60,
                     qPrintable(QString::number(heard.done->usage.promptComputed)));
        turns.push_back({Role::Assistant, "Because of rule " + std::to_string(turn) + "."});
        QVERIFY(conversations.checkpoints().count() <= limits.onOneWay);
        QVERIFY(conversations.checkpoints().bytes() <= limits.bytes);
    }
    QCOMPARE(conversations.checkpoints().count(), limits.onOneWay);
    turns.pop_back();
    const Heard again = conversations.answer(ask(turns, "c"));
    QCOMPARE(again.done->usage.promptComputed, 1);
    compare(again, fresh(ask(turns)));
}

void TestCheckpoints::aSystemPromptIsShared()
{
    Conversations conversations(*m_engine);
    (void)conversations.answer(ask({{Role::System, kSystem}, {Role::User, kLong}}, "a"));
    const std::vector<Turn> turns{{Role::System, kSystem}, {Role::User, "Who is right?"}};
    const Heard other = conversations.answer(ask(turns, "b"));
    QVERIFY2(other.done->usage.promptComputed < 12, qPrintable(QString::number(other.done->usage.promptComputed)));
    compare(other, fresh(ask(turns)));
}

void TestCheckpoints::runningAnswersBeginAlike()
{
    const std::vector<std::string> ends{"Why?", "Who says so?", "Since when?"};
    const auto turns = [&](const std::string &end) {
        return std::vector<Turn>{
            {Role::System, kSystem}, {Role::User, kLong}, {Role::Assistant, "Nobody is."}, {Role::User, end}};
    };
    std::vector<Heard> expected;
    for (const std::string &end : ends)
        expected.push_back(fresh(ask(turns(end))));
    Conversations conversations(*m_engine);
    std::vector<std::uint64_t> ids;
    for (const std::string &end : ends) {
        ids.push_back(conversations.ask(ask(turns(end))));
        while (conversations.heard(ids.back()).logprobs.size() < 3)
            QVERIFY(conversations.step());
    }
    for (int step = 0; step < 1000 && conversations.step(); ++step)
        continue; // a memory without room would never come to an end
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const Heard &heard = conversations.heard(ids[i]);
        compare(heard, expected[i]);
        QVERIFY2(i == 0 || heard.done->usage.promptComputed < 12,
                 qPrintable(QString::number(heard.done->usage.promptComputed)));
    }
}

void TestCheckpoints::aForgottenConversationLeavesNothing()
{
    const Generate request = ask({{Role::System, kSystem}, {Role::User, kLong}}, "a");
    Conversations conversations(*m_engine);
    (void)conversations.answer(request);
    QVERIFY(conversations.checkpoints().count() >= 3); // system prompt, on the way, end
    (void)conversations.answer(ForgetState{"a"});
    QCOMPARE(conversations.checkpoints().count(), std::size_t{0});
    QCOMPARE(conversations.checkpoints().bytes(), std::size_t{0});
    QCOMPARE(conversations.answer(request).done->usage.promptReused, 0);
}

void TestCheckpoints::aStateComesBack()
{
    std::vector<Turn> turns{{Role::System, kSystem}, {Role::User, kLong}};
    Conversations conversations(*m_engine);
    const Heard first = conversations.answer(ask(turns, "a"));
    const Heard saved = conversations.answer(SaveState{"a"});
    QVERIFY(saved.state.has_value());
    QCOMPARE(saved.bulk.size(), saved.state->bytes);
    // What comes next begins with every token of what is in memory: only that can go on from a whole state.
    Generate next = ask(turns, "a");
    next.promptTokenIds = saved.state->tokens;
    for (int i = 0; i < 20; ++i)
        next.promptTokenIds->push_back(100 + i);
    const Heard without = conversations.answer(next);
    QCOMPARE(without.done->usage.promptComputed, 20);
    // Nothing is left of it, and another conversation's memory lies where its own lay.
    const auto comeBack = [&] {
        (void)conversations.answer(ForgetState{"a"});
        (void)conversations.answer(ForgetState{"b"});
        QCOMPARE(conversations.checkpoints().count(), std::size_t{0});
        (void)conversations.answer(ask({{Role::User, "Who are you?"}}, "b"));
        const Heard back = conversations.answer(RestoreState{"a", *saved.state}, saved.bulk);
        QVERIFY2(back.restored.has_value(), back.error ? back.error->detail.c_str() : "");
        QCOMPARE(back.restored->tokens, static_cast<int>(saved.state->tokens.size()));
    };
    comeBack();
    const Heard with = conversations.answer(next);
    QCOMPARE(with.done->usage.promptComputed, 20);
    compare(with, without);
    // Its newest checkpoints have come with it: another answer, and another question.
    comeBack();
    const Heard again = conversations.answer(ask(turns, "a"));
    QCOMPARE(again.done->usage.promptComputed, 1);
    compare(again, first);
    comeBack();
    const Heard edited = conversations.answer(ask({turns[0], {Role::User, "Why?"}}, "a"));
    QVERIFY2(edited.done->usage.promptComputed < 12, qPrintable(QString::number(edited.done->usage.promptComputed)));
    compare(edited, fresh(ask({turns[0], {Role::User, "Why?"}})));
    compare(with, fresh(next));
}

void TestCheckpoints::badSavedCheckpointsAreRefused()
{
    Conversations conversations(*m_engine);
    (void)conversations.answer(ask({{Role::System, kSystem}, {Role::User, "Why?"}}, "a"));
    const Heard saved = conversations.answer(SaveState{"a"});
    QVERIFY(saved.state && conversations.checkpoints().count() >= 2);
    for (const std::string &bytes :
         {saved.bulk + "x", saved.bulk + std::string(16, '\0'), saved.bulk + std::string(16, '\xff'),
          saved.bulk.substr(0, saved.bulk.size() - 1)}) {
        (void)conversations.answer(ForgetState{"a"});
        const Heard back = conversations.answer(RestoreState{"a", {saved.state->tokens, bytes.size()}}, bytes);
        QVERIFY(back.error.has_value());
        QCOMPARE(back.error->code, ErrorCode::InvalidArgument);
        QCOMPARE(conversations.checkpoints().count(), std::size_t{0});
        QCOMPARE(conversations.answer(FindState{"a"}).restored->tokens, 0);
    }
}

void TestCheckpoints::whatWasAbortedIsTakenBack()
{
    const Generate request = ask({{Role::System, kSystem}, {Role::User, kLong}});
    llama_memory_t memory = llama_get_memory(m_engine->context());
    SequenceTable table(memory, llama_n_seq_max(m_engine->context()), prefixReuse(m_engine->model()),
                        llama_model_n_swa(m_engine->model()));
    table.clear();
    Checkpoints checkpoints(m_engine->context(), table);
    auto prepared = prepareQuestion(*m_engine, request);
    QVERIFY(prepared.ok());
    Request asked;
    asked.payload = request;
    asked.prepared = std::make_unique<Prepared>(std::move(*prepared));
    const Answer answer(*m_engine, std::move(asked), [](const protocol::Payload &) {});
    const auto sequence = table.placeFresh().sequence;
    const auto read = [&](std::size_t from, std::size_t size) {
        BatchBuilder batch(256);
        batch.add(sequence, from, std::span(answer.tokens()).subspan(from, size), 1);
        return llama_decode(m_engine->context(), batch.batch());
    };
    const std::size_t point = answer.returnPoints().front();
    for (std::size_t at = 0; at < point + 40;) {
        const std::size_t size = std::min({checkpoints.readUpTo(answer, at) - at, std::size_t{64}, point + 40 - at});
        QCOMPARE(read(at, size), 0);
        table.append(sequence, std::span(answer.tokens()).subspan(at, size));
        checkpoints.reached(answer, sequence);
        at += size;
    }
    QVERIFY(checkpoints.store().has(std::span(answer.tokens()).first(point)));
    // Computed, but given up: the table knows nothing of it.
    QCOMPARE(read(point + 40, 64), 0);
    checkpoints.recover(sequence);
    const std::size_t left = table.tokens(sequence).size();
    QCOMPARE(llama_memory_seq_pos_max(memory, sequence), static_cast<llama_pos>(left) - 1);
    QVERIFY(left == point || left == point + 40); // the window of a sliding one can be cut so near
    QCOMPARE(read(left, 30), 0);
    const auto size = static_cast<std::size_t>(llama_vocab_n_tokens(m_engine->vocab()));
    const float *logits = llama_get_logits_ith(m_engine->context(), 29);
    const std::vector<float> found(logits, logits + size);
    table.clear();
    for (std::size_t at = 0; at < left + 30; at += 64)
        QCOMPARE(read(at, std::min(left + 30 - at, std::size_t{64})), 0);
    const float *expected = llama_get_logits_ith(m_engine->context(), -1);
    for (std::size_t i = 0; i < size; ++i)
        QVERIFY(std::abs(found[i] - expected[i]) < 0.02F);
    table.clear();
}

void TestCheckpoints::deterministicTakesNone()
{
    Generate request = ask({{Role::System, kSystem}, {Role::User, kLong}});
    request.deterministic = true;
    Conversations conversations(*m_engine);
    const Heard first = conversations.answer(request);
    QCOMPARE(conversations.checkpoints().count(), std::size_t{0});
    const Heard second = conversations.answer(request);
    QCOMPARE(second.done->usage.promptReused, 0);
    for (std::size_t i = 0; i < kAnswer; ++i)
        QVERIFY(first.logprobs[i] == second.logprobs[i]); // bit for bit
}

QTEST_APPLESS_MAIN(TestCheckpoints)
#include "tst_checkpoints.moc"
