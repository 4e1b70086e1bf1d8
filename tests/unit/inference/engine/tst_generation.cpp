// SPDX-License-Identifier: Apache-2.0
#include "conversation_fixture.h"
#include "engine_fixture.h"
#include "inference/engine/answer/answer_format.h"
#include "inference/engine/answer/answer_parser.h"
#include "inference/engine/answer/sampling.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;

// One loaded starter model for the whole program; what it says is only compared with itself.
class TestGeneration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void greedyRepeats();
    void aSeedRepeats();
    void grammarForcesTheAnswer();
    void grammarThatRunsDry();
    void aSchemaForcesTheAnswer_data();
    void aSchemaForcesTheAnswer();
    void badSchemasAreRefused_data();
    void badSchemasAreRefused();
    void aRequiredToolIsCalled();
    void anAnswerIsContinued();
    void stopStringsEndTheAnswer_data();
    void stopStringsEndTheAnswer();
    void maxTokensEndTheAnswer();
    void repeatPenaltyCounts();
    void aFullContextEndsTheAnswer();
    void aPromptThatIsTooLong();
    void refusesBadRequests_data();
    void refusesBadRequests();
    void cancelledBeforeItStarts();
    void progressIsTold();
    void brokenCharactersAreRepaired();
    void measuresWhatGenerateUses();

private:
    Heard ask(const Generate &request);

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestGeneration::initTestCase()
{
    auto engine = loadEngine(kChatModel, {512, 1, 256, 64, FlashAttention::On});
    QVERIFY(engine.ok());
    m_engine = std::move(*engine);
}

Heard TestGeneration::ask(const Generate &request)
{
    // Each with an empty memory: what lies there changes the last bits.
    Conversations conversations(*m_engine);
    Heard heard = conversations.answer(request);
    // Here, so that no test forgets it; QVERIFY would return without an answer.
    (void)QTest::qVerify(heard.piecesAreUtf8, "heard.piecesAreUtf8", "a piece of text that is not UTF-8", __FILE__,
                         __LINE__);
    return heard;
}

void TestGeneration::greedyRepeats()
{
    const Heard first = ask(question("What is gravity?"));
    QVERIFY(first.done.has_value());
    QVERIFY(!first.text.empty());
    const Heard other = ask(question("Name five colours."));
    QVERIFY(other.text != first.text);
    const Heard again = ask(question("What is gravity?"));
    QCOMPARE(again.text, first.text);
    QVERIFY(*again.done->answerTokenIds == *first.done->answerTokenIds);
    // By ids it is the same answer.
    Generate byIds = question({});
    byIds.turns.clear();
    byIds.promptTokenIds = first.done->promptTokenIds;
    QCOMPARE(ask(byIds).text, first.text);
    // top-k 1 is the same as temperature 0.
    Generate onlyTop = question("What is gravity?");
    onlyTop.sampling.temperature = 1;
    onlyTop.sampling.topK = 1;
    QCOMPARE(ask(onlyTop).text, first.text);
}

void TestGeneration::aSeedRepeats()
{
    Generate request = question("Tell me a story.");
    request.sampling.temperature = 1.5;
    request.sampling.seed = 42;
    const Heard first = ask(request);
    QCOMPARE(first.done->seed, 42U);
    QCOMPARE(ask(request).text, first.text);
    request.sampling.seed = 43;
    QVERIFY(ask(request).text != first.text);
    request.sampling.seed = 0xFFFFFFFF;
    const Heard drawn = ask(request);
    QVERIFY(drawn.done->seed != 0xFFFFFFFF);
    request.sampling.seed = drawn.done->seed;
    QCOMPARE(ask(request).text, drawn.text);
}

void TestGeneration::grammarForcesTheAnswer()
{
    Generate request = question("What is gravity?");
    request.sampling.grammar = "root ::= \"marker-\" [0-9] [0-9] [0-9]";
    for (const double temperature : {0.0, 1.0}) {
        request.sampling.temperature = temperature;
        const Heard heard = ask(request);
        QVERIFY(heard.done.has_value());
        QVERIFY2(heard.text.starts_with("marker-"), heard.text.c_str());
        QCOMPARE(heard.text.size(), std::string("marker-123").size());
        QCOMPARE(heard.done->stopReason, std::string("stop"));
    }
    request.sampling.grammar = "root ::= broken";
    QCOMPARE(ask(request).error->code, ErrorCode::GrammarInvalid);
    // A refused grammar leaves the model in order.
    QVERIFY(ask(question("Hello")).done.has_value());
}

void TestGeneration::grammarThatRunsDry()
{
    // A byte that no token can make: the grammar allows nothing.
    Generate request = question("Hello");
    request.sampling.grammar = "root ::= \"\\xFF\"";
    const Heard heard = ask(request);
    QVERIFY(heard.done.has_value() || heard.error->code == ErrorCode::GrammarInvalid);
    QVERIFY(ask(question("Hello")).done.has_value());
}

void TestGeneration::aSchemaForcesTheAnswer_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("pattern");
    QTest::newRow("object") << QByteArray(
        R"({"type":"object","properties":{"wet":{"type":"boolean"}},"required":["wet"],)"
        R"("additionalProperties":false})")
                            << QByteArray(R"(^\{\s*"wet"\s*:\s*(true|false)\s*\}\s*$)");
    QTest::newRow("numbers") << QByteArray(R"({"type":"array","items":{"type":"integer","minimum":1,"maximum":9},)"
                                           R"("minItems":3,"maxItems":3})")
                             << QByteArray(R"(^\[\s*[1-9]\s*,\s*[1-9]\s*,\s*[1-9]\s*\]\s*$)");
    QTest::newRow("another control word")
        << QByteArray(R"({"enum":["<|im_start|>"]})") << QByteArray(R"(^"<\|im_start\|>"\s*$)");
    QTest::newRow("words of the model") << QByteArray(R"({"enum":["<|im_end|>"]})")
                                        << QByteArray(R"(^"<\|im_end\|>"\s*$)");
}

void TestGeneration::aSchemaForcesTheAnswer()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, pattern);
    Generate request = question("Is water wet?", 256);
    request.shape.jsonSchema = schema.toStdString();
    for (const double temperature : {0.0, 1.0}) {
        request.sampling.temperature = temperature;
        request.sampling.seed = 3;
        const Heard heard = ask(request);
        QVERIFY2(heard.done.has_value(), heard.error ? heard.error->detail.c_str() : "");
        QCOMPARE(heard.done->state, MessageState::Complete);
        QVERIFY2(QRegularExpression(QString::fromLatin1(pattern)).match(QString::fromStdString(heard.text)).hasMatch(),
                 heard.text.c_str());
    }
}

void TestGeneration::badSchemasAreRefused_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("too many repetitions") << QByteArray(R"({"type":"string","minLength":1000000})");
    QTest::newRow("unknown type") << QByteArray(R"({"type":"thing"})");
}

void TestGeneration::badSchemasAreRefused()
{
    QFETCH(QByteArray, schema);
    Generate request = question("Is water wet?");
    request.shape.jsonSchema = schema.toStdString();
    const Heard refused = ask(request);
    QVERIFY(refused.error.has_value());
    QVERIFY2(refused.error->code == ErrorCode::GrammarInvalid,
             (refused.error->message + refused.error->detail).c_str());
    request.shape.jsonSchema = "{}";
    request.sampling.grammar = "root ::= \"a\"";
    QCOMPARE(ask(request).error->code, ErrorCode::InvalidArgument);
    // The model is still in order.
    QVERIFY(ask(question("What is gravity?")).done.has_value());
}

void TestGeneration::aRequiredToolIsCalled()
{
    // The starter model knows no tools; with another model's template the grammar makes it call one. (Most templates
    // allow any text before the call, and it would never come to one.)
    QFile file(QStringLiteral(LLAMA_SOURCE_DIR "/models/templates/meetkai-functionary-medium-v3.2.jinja"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto chat = ChatTemplate::ofSource(file.readAll().toStdString(), "", "");
    QVERIFY(chat.ok());
    PromptInput prompt{{{Role::User, "What is the weather in Paris?"}}};
    prompt.shape.tools = {{"weather", "The weather in a city.",
                           R"({"type":"object","properties":{"city":{"enum":["Paris","Lyon"]}},"required":["city"]})"}};
    prompt.shape.toolChoice = ToolChoice::Required;
    prompt.shape.parallelToolCalls = false;
    const auto format = AnswerFormat::make(*chat, prompt);
    QVERIFY(format.ok());
    SamplingParameters sampling;
    sampling.temperature = 0;
    auto sampler = Sampler::make(m_engine->model(), sampling, &*format);
    QVERIFY(sampler.ok());
    auto tokens = PromptTokens(m_engine->vocab(), *chat).make(prompt);
    QVERIFY(tokens.ok());

    std::vector<ToolCall> calls;
    const Emit emit = [&](Payload payload) {
        if (const auto *called = std::get_if<ToolCalled>(&payload))
            calls.push_back(called->call);
    };
    AnswerParser parser(*format, "seed", emit);
    llama_memory_clear(llama_get_memory(m_engine->context()), true);
    for (std::size_t at = 0; at < tokens->size(); at += 64) {
        const auto size = int(std::min<std::size_t>(64, tokens->size() - at));
        QCOMPARE(llama_decode(m_engine->context(), llama_batch_get_one(tokens->data() + at, size)), 0);
    }
    bool ended = false;
    QByteArray written;
    for (int i = 0; i < 128 && !ended; ++i) {
        llama_token token = sampler->next(m_engine->context());
        ended = llama_vocab_is_eog(m_engine->vocab(), token);
        if (ended)
            break;
        char piece[256];
        const int size = llama_token_to_piece(m_engine->vocab(), token, piece, sizeof piece, 0, true);
        parser.push({piece, std::size_t(size)});
        written.append(piece, size);
        QCOMPARE(llama_decode(m_engine->context(), llama_batch_get_one(&token, 1)), 0);
    }
    parser.finish(ended);
    QVERIFY2(ended, written.constData());
    QCOMPARE(calls.size(), std::size_t(1));
    QCOMPARE(calls[0].name, std::string("weather"));
    const QString arguments = QString::fromStdString(calls[0].arguments);
    const QRegularExpression expected(QStringLiteral(R"re(^\{\s*"city"\s*:\s*"(Paris|Lyon)"\s*\}\s*$)re"));
    QVERIFY2(expected.match(arguments).hasMatch(), qPrintable(arguments));
}

void TestGeneration::anAnswerIsContinued()
{
    Generate request = question("Count from one to five.");
    const Heard whole = ask(request);
    QVERIFY(whole.text.size() > 8);
    request.turns.push_back({Role::Assistant, whole.text.substr(0, 4)});
    request.turns.back().prefix = true;
    const Heard rest = ask(request);
    QVERIFY2(rest.done.has_value(), rest.error ? rest.error->message.c_str() : "");
    QVERIFY(rest.done->usage.promptTokens > whole.done->usage.promptTokens);
    QVERIFY(!rest.text.empty());
    request.turns.push_back({Role::User, "And then?"});
    QCOMPARE(ask(request).error->code, ErrorCode::InvalidArgument);
}

void TestGeneration::stopStringsEndTheAnswer_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("size");
    QTest::newRow("a letter") << 10 << 1;
    QTest::newRow("across tokens") << 12 << 9;
    QTest::newRow("at the start") << 0 << 4;
}

void TestGeneration::stopStringsEndTheAnswer()
{
    QFETCH(int, from);
    QFETCH(int, size);
    const std::string whole = ask(question("What is gravity?")).text;
    const std::string stop = whole.substr(std::size_t(from), std::size_t(size));
    Generate request = question("What is gravity?");
    request.sampling.stop = {"never said", stop};
    const Heard heard = ask(request);
    QCOMPARE(heard.text, whole.substr(0, whole.find(stop)));
    QCOMPARE(heard.done->stopReason, std::string("stop"));
    QCOMPARE(heard.done->state, MessageState::Complete);
}

void TestGeneration::maxTokensEndTheAnswer()
{
    for (const int most : {1, 7}) {
        const Heard heard = ask(question("What is gravity?", most));
        QCOMPARE(heard.done->usage.answerTokens, most);
        QCOMPARE(heard.done->state, MessageState::Length);
        QCOMPARE(heard.done->stopReason, std::string("length"));
    }
}

void TestGeneration::repeatPenaltyCounts()
{
    Generate request = question("Repeat the word test ten times.", 60);
    const std::string plain = ask(request).text;
    request.sampling.repeatPenalty = 1.8;
    const Heard heard = ask(request);
    QVERIFY(heard.done.has_value());
    QVERIFY(heard.text != plain);
}

void TestGeneration::aFullContextEndsTheAnswer()
{
    std::string text = "Write a list of words without an end, like this one:";
    for (int i = 0; i < 380; ++i)
        text += " word";
    Generate request = question(text, 100000);
    request.sampling.grammar = "root ::= [a-z ] root"; // has no end
    const Heard heard = ask(request);
    QVERIFY(heard.done.has_value());
    QCOMPARE(heard.done->state, MessageState::Length);
    QCOMPARE(heard.done->usage.promptTokens + heard.done->usage.answerTokens, m_engine->info().contextTokens);
}

void TestGeneration::aPromptThatIsTooLong()
{
    std::string text;
    for (int i = 0; i < 600; ++i)
        text += "word ";
    const Heard heard = ask(question(text));
    QCOMPARE(heard.error->code, ErrorCode::ContextFull);
    QVERIFY(heard.error->detail.find("of 512 tokens") != std::string::npos);
    QVERIFY(heard.progress.empty());
}

void TestGeneration::refusesBadRequests_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("no turns") << 0;
    QTest::newRow("temperature") << 1;
    QTest::newRow("no prompt ids") << 2;
    QTest::newRow("negative id") << 3;
    QTest::newRow("id beyond the vocabulary") << 4;
}

void TestGeneration::refusesBadRequests()
{
    QFETCH(int, which);
    Generate request = question("Hello");
    using Ids = std::vector<std::int32_t>;
    switch (which) {
    case 0: request.turns.clear(); break;
    case 1: request.sampling.temperature = 6; break;
    default: request.promptTokenIds = which == 2 ? Ids{} : which == 3 ? Ids{-1} : Ids{49152};
    }
    QCOMPARE(ask(request).error->code, ErrorCode::InvalidArgument);
}

void TestGeneration::cancelledBeforeItStarts()
{
    Conversations conversations(*m_engine);
    const auto first = conversations.ask(question("What is gravity?"));
    QVERIFY(conversations.step()); // it has begun
    conversations.cancel(first);
    conversations.run();
    QVERIFY(conversations.heard(first).done.has_value());
    QCOMPARE(conversations.heard(first).done->state, MessageState::Stopped);
    const auto waiting = conversations.ask(question("What is gravity?"));
    conversations.cancel(waiting);
    QVERIFY(!conversations.step()); // whoever cancels what waits answers it
    QVERIFY(!conversations.heard(waiting).done.has_value());
    QVERIFY(!ask(question("What is gravity?")).text.empty());
}

void TestGeneration::progressIsTold()
{
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "word ";
    const Heard heard = ask(question(text, 1));
    QVERIFY(heard.progress.size() >= 4); // pieces of 64 tokens
    QCOMPARE(heard.progress.front().done, 0);
    QCOMPARE(heard.progress.back().done, heard.done->usage.promptTokens);
    for (std::size_t i = 1; i < heard.progress.size(); ++i)
        QVERIFY(heard.progress[i].done > heard.progress[i - 1].done);
}

void TestGeneration::brokenCharactersAreRepaired()
{
    // Random tokens of a byte-level vocabulary: most are no characters at all.
    Generate request = question("🙂", 200);
    request.sampling.temperature = 5;
    request.sampling.topK = 0;
    request.sampling.topP = 1;
    request.sampling.minP = 0;
    request.sampling.seed = 5;
    const Heard heard = ask(request);
    QVERIFY(heard.done.has_value());
    QVERIFY(heard.piecesAreUtf8);
}

void TestGeneration::measuresWhatGenerateUses()
{
    const Generate request = question("What is gravity?", 1);
    const auto measured = measure(*m_engine, {request.turns});
    QVERIFY(measured.ok());
    QCOMPARE(measured->promptTokens, ask(request).done->usage.promptTokens);
    QCOMPARE(measured->contextTokens, 512);
    QCOMPARE(measure(*m_engine, {}).error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestGeneration)
#include "tst_generation.moc"
