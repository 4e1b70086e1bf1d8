// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/answer/answer_parser.h"
#include "inference/engine/answer/call_id.h"

#include <QFile>
#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

// Answers as models of several families write them, cut anywhere: text, reasoning and whole calls, in order.
class TestAnswerParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesAnswersApart_data();
    void takesAnswersApart();
    void aCallThatWasCutOffIsNotTold();
    void anAnswerWithoutTheFormIsText();
    void idsAreMadeWhereTheModelGivesNone();
    void refusesSchemas_data();
    void refusesSchemas();
    void refusesBadTools_data();
    void refusesBadTools();

private:
    Quiet m_quiet;
};

namespace {

struct Heard {
    std::string text;
    std::string reasoning;
    std::vector<ToolCall> calls;
};

Result<ChatTemplate> chatOf(const QString &name)
{
    QFile file(QStringLiteral(LLAMA_SOURCE_DIR "/models/templates/%1.jinja").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return Error{};
    return ChatTemplate::ofSource(file.readAll().toStdString(), "<s>", "</s>");
}

PromptInput question()
{
    const char *city = R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})";
    return {{{Role::User, "Weather?"}}, {{{"weather", "The weather.", city}, {"now", "The time.", ""}}}};
}

Heard parsed(const AnswerFormat &format, const std::string &answer, std::size_t step, bool complete = true)
{
    Heard heard;
    const Emit emit = [&](protocol::Payload payload) {
        if (const auto *text = std::get_if<protocol::Text>(&payload))
            heard.text += text->text;
        if (const auto *reasoning = std::get_if<protocol::Reasoning>(&payload))
            heard.reasoning += reasoning->text;
        if (const auto *called = std::get_if<protocol::ToolCalled>(&payload))
            heard.calls.push_back(called->call);
    };
    AnswerParser parser(format, "seed", emit);
    for (std::size_t at = 0; at < answer.size(); at += step)
        parser.push(std::string_view(answer).substr(at, step));
    parser.finish(complete);
    return heard;
}

} // namespace

void TestAnswerParser::takesAnswersApart_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reasoning");
    QTest::addColumn<int>("calls");
    const QByteArray call = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>";
    const QByteArray second = "\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>";
    const QByteArray none;
    const QString qwen = QStringLiteral("Qwen-Qwen2.5-7B-Instruct");
    QTest::newRow("text") << qwen << QByteArray("It is warm.") << QByteArray("It is warm.") << none << 0;
    QTest::newRow("one call") << qwen << call << none << none << 1;
    QTest::newRow("two calls") << qwen << call + second << none << none << 2;
    QTest::newRow("reasoning and a call") << "Qwen-Qwen3-0.6B"
                                          << "<think>\nplan\n</think>\n\n" + call << none << QByteArray("plan") << 1;
    QTest::newRow("reasoning and text") << "Qwen-Qwen3-0.6B" << QByteArray("<think>\nplan\n</think>\n\nWarm.")
                                        << QByteArray("Warm.") << QByteArray("plan") << 0;
    QTest::newRow("Mistral Nemo") << "mistralai-Mistral-Nemo-Instruct-2407"
                                  << QByteArray(
                                         "[TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}, "
                                         "\"id\": \"abcDEF123\"}]")
                                  << none << none << 1;
    QTest::newRow("Ministral 3") << "mistralai-Ministral-3-14B-Reasoning-2512"
                                 << QByteArray("[THINK]plan[/THINK][TOOL_CALLS]weather[ARGS]{\"city\": \"Paris\"}"
                                               "[TOOL_CALLS]now[ARGS]{}")
                                 << none << QByteArray("plan") << 2;
}

void TestAnswerParser::takesAnswersApart()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reasoning);
    QFETCH(int, calls);
    const auto chat = chatOf(name);
    QVERIFY(chat.ok());
    const auto format = AnswerFormat::make(*chat, question());
    QVERIFY2(format.ok(), format.ok() ? "" : format.error().detail.c_str());
    QVERIFY(format->hasGrammar());
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
        const Heard heard = parsed(*format, answer.toStdString(), step);
        QCOMPARE(QByteArray::fromStdString(heard.text).trimmed(), text);
        QCOMPARE(QByteArray::fromStdString(heard.reasoning).trimmed(), reasoning);
        QCOMPARE(heard.calls.size(), std::size_t(calls));
        if (calls > 0) {
            QCOMPARE(heard.calls[0].name, std::string("weather"));
            QCOMPARE(QByteArray::fromStdString(heard.calls[0].arguments).replace(" ", ""),
                     QByteArray(R"({"city":"Paris"})"));
            QVERIFY(isCallId(heard.calls[0].id));
        }
        if (calls > 1) {
            QCOMPARE(heard.calls[1].name, std::string("now"));
            QVERIFY(heard.calls[1].id != heard.calls[0].id);
        }
    }
}

void TestAnswerParser::aCallThatWasCutOffIsNotTold()
{
    const auto chat = chatOf(QStringLiteral("Qwen-Qwen2.5-7B-Instruct"));
    const auto format = AnswerFormat::make(*chat, question());
    QVERIFY(format.ok());
    const std::string call =
        "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>\n";
    const Heard heard =
        parsed(*format, call + "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Lo", 3, false);
    QCOMPARE(heard.calls.size(), std::size_t{1});
}

void TestAnswerParser::anAnswerWithoutTheFormIsText()
{
    const auto chat = chatOf(QStringLiteral("Qwen-Qwen2.5-7B-Instruct"));
    const auto format = AnswerFormat::make(*chat, question());
    QVERIFY(format.ok());
    const std::string broken = "See: <tool_call>\n{\"nam: weather}";
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}})
        QVERIFY(parsed(*format, broken, step).text.starts_with("See:"));
}

void TestAnswerParser::idsAreMadeWhereTheModelGivesNone()
{
    QVERIFY(isCallId(callIdFrom("a")));
    QCOMPARE(callIdFrom("a"), callIdFrom("a"));
    QVERIFY(callIdFrom("a") != callIdFrom("b"));
    for (const char *bad : {"", "abcDEF12", "abcDEF1234", "abcDEF12-", "abcDEF12\u00e9"})
        QVERIFY2(!isCallId(bad), bad);
}

void TestAnswerParser::refusesSchemas_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("unknown reference") << QByteArray(R"({"$ref":"#/$defs/nothing"})");
    QTest::newRow("too deep") << QByteArray(R"({"items":)").repeated(100) + "{}" + QByteArray("}").repeated(100);
    QTest::newRow("too long") << "{\"description\":\"" + QByteArray(70000, 'a') + "\"}";
    QTest::newRow("a type that is none") << QByteArray(R"({"type":"thing"})");
}

void TestAnswerParser::refusesSchemas()
{
    QFETCH(QByteArray, schema);
    const Status checked = checkJsonSchema(schema.toStdString());
    QVERIFY(!checked.ok());
    QCOMPARE(checked.error().code, ErrorCode::GrammarInvalid);
    const auto chat = chatOf(QStringLiteral("Qwen-Qwen2.5-7B-Instruct"));
    PromptInput prompt{{{Role::User, "?"}}};
    prompt.shape.jsonSchema = schema.toStdString();
    QCOMPARE(AnswerFormat::make(*chat, prompt).error().code, ErrorCode::GrammarInvalid);
}

void TestAnswerParser::refusesBadTools_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("parameters");
    QTest::newRow("no name") << "" << QByteArray();
    QTest::newRow("a name with a space") << "a b" << QByteArray();
    QTest::newRow("a long name") << QString(65, u'a') << QByteArray();
    QTest::newRow("twice") << "now" << QByteArray();
    QTest::newRow("parameters that are no JSON") << "ok" << QByteArray("{");
    QTest::newRow("parameters that are no object") << "ok" << QByteArray("[1]");
    QTest::newRow("deep parameters") << "ok"
                                     << QByteArray(R"({"a":)").repeated(100) + "1" + QByteArray("}").repeated(100);
}

void TestAnswerParser::refusesBadTools()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, parameters);
    PromptInput prompt = question();
    prompt.shape.tools.push_back({name.toStdString(), "", parameters.toStdString()});
    const auto chat = chatOf(QStringLiteral("Qwen-Qwen2.5-7B-Instruct"));
    QCOMPARE(AnswerFormat::make(*chat, prompt).error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestAnswerParser)
#include "tst_answer_parser.moc"
