// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/prompt/chat_template.h"
#include "inference/engine/prompt/template_inputs.h"

#include <chat.h>

#include <QDir>
#include <QFile>
#include <QTest>

#include <optional>
#include <vector>

using namespace tramontane;
using namespace tramontane::engine;

// The templates of many models lie in llama.cpp's source. We must render what common renders, in less time.
class TestChatTemplate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rendersAsCommonDoes_data();
    void rendersAsCommonDoes();
    void rendersToolsAsCommonDoes_data() { rendersAsCommonDoes_data(); }
    void rendersToolsAsCommonDoes();
    void continuesAnAnswer();
    void usesTheTemplateForTools();
    void findsReasoningMarks_data();
    void findsReasoningMarks();
    void refusesBrokenTemplates_data();
    void refusesBrokenTemplates();
    void aTemplateMayRefuseAConversation();
    void cleanupTestCase();

private:
    void compareWithCommon(const QString &name, const std::vector<PromptInput> &prompts);

    Quiet m_quiet;
    QStringList m_notCompared; // templates that common cannot use for one of the conversations
};

namespace {

const QString kFolder = QStringLiteral(LLAMA_SOURCE_DIR "/models/templates/");

std::string sourceOf(const QString &name)
{
    QFile file(kFolder + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// Nothing when common cannot use the template for such a conversation.
std::optional<std::string> renderedByCommon(const std::string &source, const PromptInput &prompt)
{
    try {
        const auto templates = common_chat_templates_init(nullptr, source, "<s>", "</s>");
        return common_chat_templates_apply(templates.get(), templateInputs(prompt)).prompt;
    } catch (const std::exception &) {
        return std::nullopt;
    }
}

} // namespace

/// The last words of a test: where there was nothing to compare with, it says so.
void TestChatTemplate::compareWithCommon(const QString &name, const std::vector<PromptInput> &prompts)
{
    const std::string source = sourceOf(name);
    bool all = true;
    for (const PromptInput &prompt : prompts) {
        const auto expected = renderedByCommon(source, prompt);
        all = all && expected.has_value();
        if (!expected)
            continue;
        const auto chat = ChatTemplate::ofSource(source, "<s>", "</s>");
        QVERIFY(chat.ok());
        const auto rendered = chat->render(prompt);
        QVERIFY(rendered.ok());
        QCOMPARE(QString::fromStdString(*rendered), QString::fromStdString(*expected));
    }
    if (all)
        return;
    m_notCompared.append(name);
    QSKIP("common cannot use this template for such a conversation");
}

void TestChatTemplate::rendersAsCommonDoes_data()
{
    QTest::addColumn<QString>("name");
    const auto names = QDir(kFolder).entryList({QStringLiteral("*.jinja")}, QDir::Files);
    QVERIFY(names.size() > 50);
    for (const QString &name : names)
        QTest::newRow(qPrintable(name)) << name;
}

void TestChatTemplate::rendersAsCommonDoes()
{
    QFETCH(QString, name);
    const PromptInput one{{{Role::User, "Hello, who are you?"}}};
    const PromptInput several{
        {{Role::System, "Be brief."}, {Role::User, "One?"}, {Role::Assistant, "Two."}, {Role::User, "Three?"}}};
    compareWithCommon(name, {one, several});
}

void TestChatTemplate::rendersToolsAsCommonDoes()
{
    QFETCH(QString, name);
    const ToolDefinition weather{"weather", "The weather in a city.",
                                 R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})"};
    const PromptInput prompt{
        {{Role::System, "Be brief."},
         {Role::User, "Weather in Paris?"},
         {Role::Assistant, "", "I need the weather.", {{"abcDEF123", "weather", R"({"city":"Paris"})"}}},
         {Role::Tool, R"({"temp":21,"sky":["blue"]})", "", {}, "abcDEF123", "weather"}},
        {{weather}}};
    PromptInput effort = prompt;
    effort.shape.reasoningEffort = "high";
    compareWithCommon(name, {prompt, effort});
}

void TestChatTemplate::continuesAnAnswer()
{
    const auto chat = ChatTemplate::ofSource(sourceOf(QStringLiteral("Qwen-Qwen2.5-7B-Instruct.jinja")), "", "");
    QVERIFY(chat.ok());
    ChatTurn begun{Role::Assistant, "The capital is"};
    begun.prefix = true;
    const auto rendered = chat->render({{{Role::User, "Capital of France?"}, begun}});
    QVERIFY(rendered.ok());
    QVERIFY(rendered->ends_with("<|im_start|>assistant\nThe capital is"));
}

void TestChatTemplate::usesTheTemplateForTools()
{
    // A model may bring two templates; a source has one.
    const auto chat = ChatTemplate::ofSource(
        "{% if tools %}T{{ tools[0].function.name }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}", "",
        "");
    QVERIFY(chat.ok());
    QCOMPARE(*chat->render({{{Role::User, "a"}}, {{{"now", "", ""}}}}), std::string("Tnowa"));
}

void TestChatTemplate::findsReasoningMarks_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("start");
    QTest::addColumn<bool>("begun");
    QTest::newRow("Qwen3") << "Qwen-Qwen3-0.6B.jinja"
                           << "<think>" << false;
    QTest::newRow("QwQ") << "Qwen-QwQ-32B.jinja"
                         << "<think>" << true;
    QTest::newRow("Qwen2.5") << "Qwen-Qwen2.5-7B-Instruct.jinja"
                             << "" << false;
    QTest::newRow("Gemma 2") << "google-gemma-2-2b-it.jinja"
                             << "" << false;
}

void TestChatTemplate::findsReasoningMarks()
{
    QFETCH(QString, name);
    QFETCH(QString, start);
    QFETCH(bool, begun);
    const auto chat = ChatTemplate::ofSource(sourceOf(name), "<s>", "</s>");
    QVERIFY(chat.ok());
    QCOMPARE(QString::fromStdString(chat->reasoning().start), start);
    QCOMPARE(chat->reasoning().begun, begun);
}

void TestChatTemplate::refusesBrokenTemplates_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::newRow("open block") << QByteArray("{% for m in messages %}");
    QTest::newRow("open text") << QByteArray("{{ 'a }}");
    QTest::newRow("no expression") << QByteArray("{{ + }}");
}

void TestChatTemplate::refusesBrokenTemplates()
{
    QFETCH(QByteArray, source);
    const auto chat = ChatTemplate::ofSource(source.toStdString(), "", "");
    QVERIFY(!chat.ok());
    QCOMPARE(chat.error().code, ErrorCode::ModelUnsupported);
}

void TestChatTemplate::aTemplateMayRefuseAConversation()
{
    const auto chat = ChatTemplate::ofSource(
        "{% if messages|length > 1 %}{{ raise_exception(messages[1].content) }}{% endif %}{{ messages[0].content }}",
        "", "");
    QVERIFY(chat.ok());
    QVERIFY(chat->render({{{Role::User, "a"}}}).ok());
    const auto refused = chat->render({{{Role::User, "a"}, {Role::User, "private"}}});
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    QVERIFY((refused.error().message + refused.error().detail).find("private") == std::string::npos);
    QCOMPARE(chat->render({}).error().code, ErrorCode::InvalidArgument);
}

void TestChatTemplate::cleanupTestCase()
{
    m_notCompared.removeDuplicates();
    const QString names = m_notCompared.join(u", ");
    qInfo("not compared, because common cannot use them: %s", qPrintable(names));
    // That of gemma-2 refuses tools.
    QVERIFY2(m_notCompared.size() <= 1, qPrintable(names));
}

QTEST_APPLESS_MAIN(TestChatTemplate)
#include "tst_chat_template.moc"
