// SPDX-License-Identifier: Apache-2.0
#include "conversation_fixture.h"
#include "engine_fixture.h"
#include "tests/support/answers/near_ties.h"
#include "tests/support/gguf/adapter_writer.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>
#include <set>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;
using test::loraAdapter;

namespace {

constexpr int kContext = 2048;
constexpr int kTokens = 16;
const char *const kFirst = "Name five colours.";
const char *const kSecond = "How do I boil an egg?";

std::string hashOf(const std::string &bytes)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(bytes), QCryptographicHash::Sha256).toHex().toStdString();
}

Generate with(Generate request, std::vector<AdapterScale> adapters)
{
    request.adapters = std::move(adapters);
    return request;
}

std::string words(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "word ";
    return text;
}

} // namespace

// LoRA adapters at work, with the real model. That the answers are llama.cpp's own: tst_peer_equality.
class TestAdapters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theyAreReported();
    void theScaleDecides();
    void zeroIsNone();
    void theOrderMeansNothing();
    void differentSetsSayWhatEachSaysAlone();
    void differentSetsNeverShareAStep();
    void whatAnotherSetHasReadIsReadAgain();
    void aStateBelongsToItsSet();
    void guessesChangeNothing();
    void deterministicRepeats();
    void badFilesAreRefused_data();
    void badFilesAreRefused();
    void badWishesAreRefused_data();
    void badWishesAreRefused();

private:
    AdapterFile file(const std::string &name, const std::string &bytes);
    static std::vector<std::int32_t> answer(Conversations &conversations, const Generate &request);
    std::vector<std::int32_t> alone(const Generate &request);
    void saysTheSameWithGuesses(LoadedEngine &guessing, Generate request);

    Quiet m_quiet;
    QTemporaryDir m_folder;
    AdapterFile m_one;
    AdapterFile m_two;
    std::unique_ptr<LoadedEngine> m_engine;
};

AdapterFile TestAdapters::file(const std::string &name, const std::string &bytes)
{
    QFile out(m_folder.filePath(QString::fromStdString(name)));
    if (!out.open(QFile::WriteOnly) || out.write(bytes.data(), qint64(bytes.size())) != qint64(bytes.size()))
        qFatal("cannot write");
    return {out.fileName().toStdString(), hashOf(bytes)};
}

void TestAdapters::initTestCase()
{
    m_one = file("one.gguf", loraAdapter(1).bytes());
    m_two = file("two.gguf", loraAdapter(2).bytes());
    LoadOptions options{kContext, 1, 256, 64, FlashAttention::On};
    options.adapters = {m_one, m_two};
    auto engine = loadEngine(kChatModel, options);
    QVERIFY2(engine.ok(), engine ? "" : (engine.error().message + engine.error().detail).c_str());
    m_engine = std::move(*engine);
}

std::vector<std::int32_t> TestAdapters::answer(Conversations &conversations, const Generate &request)
{
    const Heard &heard = conversations.answer(request);
    return heard.done ? heard.done->answerTokenIds.value_or(std::vector<std::int32_t>{}) : std::vector<std::int32_t>{};
}

std::vector<std::int32_t> TestAdapters::alone(const Generate &request)
{
    Conversations conversations(*m_engine);
    return answer(conversations, request);
}

void TestAdapters::theyAreReported()
{
    QCOMPARE(m_engine->info().adapters,
             (std::vector<LoadedAdapter>{{"Random 1", m_one.sha256}, {"Random 2", m_two.sha256}}));
}

void TestAdapters::theScaleDecides()
{
    std::set<std::vector<std::int32_t>> answers;
    const std::vector<std::vector<AdapterScale>> sets{{},
                                                      {{m_one.sha256, 1}},
                                                      {{m_one.sha256, 0.5}},
                                                      {{m_one.sha256, -1}},
                                                      {{m_two.sha256, 1}},
                                                      {{m_one.sha256, 1}, {m_two.sha256, 1}}};
    for (const auto &set : sets) {
        const auto said = alone(with(question(kFirst, 3 * kTokens), set));
        QVERIFY(!said.empty());
        answers.insert(said);
    }
    QCOMPARE(answers.size(), sets.size());
    // After all of them, the model as it is says the same as an engine that never saw an adapter.
    auto plain = loadEngine(kChatModel, {kContext, 1, 256, 64, FlashAttention::On});
    QVERIFY(plain.ok());
    Conversations conversations(**plain);
    QCOMPARE(alone(question(kFirst, kTokens)), answer(conversations, question(kFirst, kTokens)));
}

void TestAdapters::zeroIsNone()
{
    QCOMPARE(alone(with(question(kFirst, kTokens), {{m_one.sha256, 0}})), alone(question(kFirst, kTokens)));
}

void TestAdapters::theOrderMeansNothing()
{
    QCOMPARE(alone(with(question(kFirst, kTokens), {{m_two.sha256, 1}, {m_one.sha256, 0.5}})),
             alone(with(question(kFirst, kTokens), {{m_one.sha256, 0.5}, {m_two.sha256, 1}})));
}

void TestAdapters::differentSetsSayWhatEachSaysAlone()
{
    const std::vector<Generate> requests{
        with(question(kFirst, kTokens), {{m_one.sha256, 1}}), with(question(kFirst, kTokens), {{m_one.sha256, 0.5}}),
        with(question(kSecond, kTokens), {{m_two.sha256, 1}}), question(kSecond, kTokens)};
    Conversations together(*m_engine);
    std::vector<std::uint64_t> ids;
    for (const Generate &request : requests)
        ids.push_back(together.ask(request));
    together.run();
    // No batch had two of them, so that not even the last bit of a logit differs.
    for (std::size_t i = 0; i < requests.size(); ++i)
        QCOMPARE(*together.heard(ids[i]).done->answerTokenIds, alone(requests[i]));
}

void TestAdapters::differentSetsNeverShareAStep()
{
    Conversations conversations(*m_engine);
    std::map<std::uint64_t, int> setOf;
    const std::vector<std::vector<AdapterScale>> sets{{{m_one.sha256, 1}}, {{m_one.sha256, 0.5}}};
    for (int i = 0; i < 4; ++i) {
        Generate request = with(question(i < 2 ? kFirst : kSecond, kTokens), sets[std::size_t(i % 2)]);
        request.sampling.logprobs = 0; // each step that writes for it is heard
        setOf[conversations.ask(request)] = i % 2;
    }
    const auto heardSoFar = [&](std::uint64_t id) {
        return conversations.heard(id).logprobs.size() + conversations.heard(id).progress.size();
    };
    std::map<std::uint64_t, std::size_t> before;
    int shared = 0;
    int last = -1;
    int turn = 0;
    int longest = 0;
    (void)conversations.step(); // all four begin: each says how long its prompt is
    for (const auto &[id, set] : setOf)
        before[id] = heardSoFar(id);
    while (conversations.step()) {
        std::set<int> worked;
        int answers = 0;
        for (const auto &[id, set] : setOf) {
            if (heardSoFar(id) == before[id])
                continue;
            before[id] = heardSoFar(id);
            worked.insert(set);
            ++answers;
        }
        QVERIFY(worked.size() <= 1);
        if (worked.empty())
            continue;
        shared += answers > 1 ? 1 : 0;
        const bool bothLeft = std::all_of(setOf.begin(), setOf.end(),
                                          [&](const auto &one) { return !conversations.heard(one.first).done; });
        turn = *worked.begin() == last ? turn + 1 : 1;
        last = *worked.begin();
        longest = bothLeft ? std::max(longest, turn) : longest;
    }
    QVERIFY(shared > 0); // those of one set do share a step
    QCOMPARE(longest, AdapterTurns::kSteps);
    for (const auto &[id, set] : setOf)
        QVERIFY(conversations.heard(id).done.has_value());
}

void TestAdapters::whatAnotherSetHasReadIsReadAgain()
{
    Conversations conversations(*m_engine);
    const Generate plain = question(words(100) + kFirst, 4);
    const auto reused = [&](const Generate &request) { return conversations.answer(request).done->usage.promptReused; };
    QCOMPARE(reused(plain), 0);
    QVERIFY(reused(plain) > 100);
    const Generate changed = with(plain, {{m_one.sha256, 1}});
    QCOMPARE(reused(changed), 0);
    QVERIFY(reused(changed) > 100);
    QCOMPARE(reused(with(plain, {{m_one.sha256, 0.5}})), 0);
    QVERIFY(reused(changed) > 100); // it is still there
    QVERIFY(reused(plain) > 100);
    // Two at a time that begin alike do not wait for each other either.
    Conversations fresh(*m_engine);
    const std::uint64_t first = fresh.ask(plain);
    const std::uint64_t second = fresh.ask(changed);
    fresh.run();
    QCOMPARE(fresh.heard(first).done->usage.promptReused, 0);
    QCOMPARE(fresh.heard(second).done->usage.promptReused, 0);
}

void TestAdapters::aStateBelongsToItsSet()
{
    const std::vector<AdapterScale> set{{m_one.sha256, 1}};
    const std::vector<AdapterScale> other{{m_one.sha256, 0.5}};
    Generate request = with(question(words(50) + kFirst, 4), set);
    request.conversation = "c";
    Conversations conversations(*m_engine);
    const Heard &first = conversations.answer(request);
    QVERIFY(first.done.has_value());
    QVERIFY(conversations.answer(FindState{"c", set}).restored->tokens > 0);
    QCOMPARE(conversations.answer(FindState{"c", other}).restored->tokens, 0);
    QCOMPARE(conversations.answer(FindState{"c", {}}).restored->tokens, 0);
    QCOMPARE(conversations.answer(SaveState{"c", other}).error->code, ErrorCode::NotFound);
    const Heard saved = conversations.answer(SaveState{"c", set});
    QVERIFY(saved.state.has_value());

    Conversations later(*m_engine);
    QVERIFY(later.answer(RestoreState{"c", *saved.state, set}, saved.bulk).restored->tokens > 0);
    QCOMPARE(later.answer(with(request, other)).done->usage.promptReused, 0);
    QVERIFY(later.answer(request).done->usage.promptReused > 50);
    QCOMPARE(later.answer(RestoreState{"d", *saved.state, {{std::string(64, 'a'), 1}}}, saved.bulk).error->code,
             ErrorCode::InvalidArgument);
}

void TestAdapters::saysTheSameWithGuesses(LoadedEngine &guessing, Generate request)
{
    request.sampling.logprobs = 2;
    Conversations plain(*m_engine);
    const Heard &expected = plain.answer(request);
    Conversations conversations(guessing);
    const Heard &heard = conversations.answer(request);
    QVERIFY(expected.done && heard.done);
    QVERIFY(heard.done->usage.drafted > 0);
    QCOMPARE(expected.done->usage.drafted, 0);
    QVERIFY(!expected.logprobs.empty());
    QCOMPARE(heard.logprobs.size(), std::size_t(heard.done->usage.answerTokens));
    // Another shape of batches may turn over a near-tie, and nothing else.
    const auto gap = test::gapWhereTheyPart(expected.logprobs, heard.logprobs);
    const double largest = test::largestDifference(expected.logprobs, heard.logprobs);
    QVERIFY2(test::isNearTie(gap, largest), qPrintable(QStringLiteral("%1 of %2").arg(gap.value_or(0)).arg(largest)));
}

void TestAdapters::guessesChangeNothing()
{
    const std::vector<AdapterScale> set{{m_one.sha256, 0.5}};
    const Generate quote = with(questionThatQuotesItself(), set);
    const Generate repeat =
        with(question("Repeat word by word: the quick brown fox jumps over the lazy dog.", 32), set);
    for (const bool draft : {false, true}) {
        LoadOptions options{kContext, 1, 256, 64, FlashAttention::On};
        options.adapters = {m_one};
        options.speculation = draft ? Speculation::Draft : Speculation::Prompt;
        options.draftPath = draft ? kChatModel : ""; // the model itself, without the adapter
        auto engine = loadEngine(kChatModel, options);
        QVERIFY(engine.ok());
        saysTheSameWithGuesses(**engine, quote);
        if (draft) // in words of its own, which the draft model may foresee
            saysTheSameWithGuesses(**engine, repeat);
    }
}

void TestAdapters::deterministicRepeats()
{
    Generate request = with(question(kFirst, kTokens), {{m_one.sha256, 1}});
    request.deterministic = true;
    request.sampling.logprobs = 0;
    Conversations conversations(*m_engine);
    const Heard first = conversations.answer(request);
    (void)conversations.answer(question(kSecond, kTokens)); // another set in between
    const Heard &again = conversations.answer(request);
    QVERIFY(first.done && again.done && !first.logprobs.empty());
    QVERIFY(first.logprobs == again.logprobs);
    request.adapters.push_back({m_two.sha256, 1});
    const Heard &two = conversations.answer(request);
    QCOMPARE(two.error->code, ErrorCode::InvalidArgument);
    QVERIFY(two.error->message.find("bit for bit") != std::string::npos);
    request.adapters[1].scale = 0;
    QVERIFY(conversations.answer(request).done.has_value());
}

void TestAdapters::badFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("right"); // whether the SHA-256 is the file's
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const std::string &content, ErrorCode code, bool right = true) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << right << int(code);
    };
    const std::string good = loraAdapter(3).bytes();
    QTest::newRow("good") << QByteArray::fromStdString(good) << true << -1;
    row("another architecture", loraAdapter(3, {"qwen2"}).bytes(), ErrorCode::ModelUnsupported);
    row("another size of model", loraAdapter(3, {"llama", 30, 512, 1536}).bytes(), ErrorCode::ModelUnsupported);
    row("truncated", good.substr(0, good.size() - 100), ErrorCode::ModelTruncated);
    row("cut in the header", good.substr(0, 300), ErrorCode::ModelTruncated);
    row("no GGUF", "hello", ErrorCode::ModelNotGguf);
    row("changed", good, ErrorCode::ModelChanged, false);
    row("a model", test::soundModel().bytes(), ErrorCode::ModelUnsupported);
    test::GgufWriter alora = loraAdapter(3);
    alora.array("adapter.alora.invocation_tokens", 4, 1, test::little(7));
    row("aLoRA", alora.bytes(), ErrorCode::ModelUnsupported);
    test::GgufWriter tokens = test::adapterKeys("Tokens"); // would stop the process: the table is the output, too
    tokens.tensor({"token_embd.weight.lora_a", {4, 49152}}).tensor({"token_embd.weight.lora_b", {4, 576}});
    row("the table of tokens", tokens.bytes(), ErrorCode::ModelUnsupported);
}

void TestAdapters::badFilesAreRefused()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, right);
    QFETCH(int, code);
    AdapterFile bad = file("bad.gguf", content.toStdString());
    if (!right)
        bad.sha256 = m_one.sha256;
    LoadOptions options{256, 1, 256, 64, FlashAttention::On};
    options.adapters = {m_one, bad};
    const auto engine = loadEngine(kChatModel, options);
    if (code == -1) {
        QVERIFY2(engine.ok(), engine ? "" : engine.error().detail.c_str());
        return;
    }
    QVERIFY(!engine.ok());
    QCOMPARE(int(engine.error().code), code);
    QVERIFY(engine.error().message.starts_with("The adapter cannot be used: "));
    QVERIFY(engine.error().detail.starts_with("adapter 2"));
}

void TestAdapters::badWishesAreRefused_data()
{
    QTest::addColumn<int>("loaded"); // how many files; -1: one twice, -2: a missing one
    QTest::addColumn<QString>("sha256");
    QTest::addColumn<double>("scale");
    QTest::addColumn<int>("count"); // how often it is named
    QTest::newRow("17 files") << 17 << QString() << 1.0 << 0;
    QTest::newRow("one file twice") << -1 << QString() << 1.0 << 0;
    QTest::newRow("no such file") << -2 << QString() << 1.0 << 0;
    QTest::newRow("not loaded") << 0 << QString(64, u'a') << 1.0 << 1;
    QTest::newRow("no number") << 0 << QString() << std::numeric_limits<double>::quiet_NaN() << 1;
    QTest::newRow("endless") << 0 << QString() << std::numeric_limits<double>::infinity() << 1;
    QTest::newRow("too strong") << 0 << QString() << 100.5 << 1;
    QTest::newRow("named twice") << 0 << QString() << 1.0 << 2;
    QTest::newRow("named 17 times") << 0 << QString() << 1.0 << 17;
}

void TestAdapters::badWishesAreRefused()
{
    QFETCH(int, loaded);
    QFETCH(QString, sha256);
    QFETCH(double, scale);
    QFETCH(int, count);
    if (loaded != 0) {
        LoadOptions options{256, 1, 256, 64, FlashAttention::On};
        options.adapters.assign(std::size_t(std::abs(loaded)), m_one);
        if (loaded == -1)
            options.adapters.push_back(m_one);
        if (loaded == -2)
            options.adapters = {{"/no/such/adapter.gguf", {}}};
        const auto engine = loadEngine(kChatModel, options);
        QVERIFY(!engine.ok());
        QCOMPARE(engine.error().code, loaded == -2 ? ErrorCode::ModelNotFound : ErrorCode::InvalidArgument);
        return;
    }
    Conversations conversations(*m_engine);
    const std::string named = sha256.isEmpty() ? m_one.sha256 : sha256.toStdString();
    const std::vector<AdapterScale> set(std::size_t(count), AdapterScale{named, scale});
    const Heard &refused = conversations.answer(with(question(kFirst, 2), set));
    QVERIFY(refused.error.has_value());
    QCOMPARE(refused.error->code, ErrorCode::InvalidArgument);
    QVERIFY(conversations.answer(question(kFirst, 2)).done.has_value()); // it lives on
}

QTEST_GUILESS_MAIN(TestAdapters)
#include "tst_adapters.moc"
