// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/chat_template.h"

#include <chat.h>

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>

using namespace tramontane;
using namespace tramontane::engine;
using protocol::Turn;

// The templates of many models lie in llama.cpp's source. Ours must render what common renders, with the marks kept.
class TestChatTemplate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rendersAsCommonDoes_data();
    void rendersAsCommonDoes();
    void onlyTheTemplateMayHoldControlWords_data() { rendersAsCommonDoes_data(); }
    void onlyTheTemplateMayHoldControlWords();
    void partsAlternate();
    void findsReasoningMarks_data();
    void findsReasoningMarks();
    void refusesBrokenTemplates_data();
    void refusesBrokenTemplates();
    void aTemplateMayRefuseAConversation();

private:
    Quiet m_quiet;
};

namespace {

const QString kFolder = QStringLiteral(LLAMA_SOURCE_DIR "/models/templates/");

std::string sourceOf(const QString &name)
{
    QFile file(kFolder + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

std::string flattened(const std::vector<PromptPart> &parts)
{
    std::string text;
    for (const PromptPart &part : parts)
        text += part.text;
    return text;
}

std::string renderedByCommon(const std::string &source, const std::vector<Turn> &turns)
{
    const auto templates = common_chat_templates_init(nullptr, source, "<s>", "</s>");
    common_chat_templates_inputs inputs;
    for (const Turn &turn : turns) {
        common_chat_msg message;
        message.role = roleName(turn.role);
        message.content = turn.text;
        inputs.messages.push_back(message);
    }
    return common_chat_templates_apply(templates.get(), inputs).prompt;
}

} // namespace

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
    const std::string source = sourceOf(name);
    const std::vector<Turn> conversations[] = {
        {{Role::User, "Hello, who are you?"}},
        {{Role::System, "Be brief."}, {Role::User, "One?"}, {Role::Assistant, "Two."}, {Role::User, "Three?"}},
    };
    for (const auto &turns : conversations) {
        std::string expected;
        try {
            expected = renderedByCommon(source, turns);
        } catch (const std::exception &) {
            QSKIP("common cannot use this template without tools");
        }
        const auto chat = ChatTemplate::ofSource(source, "<s>", "</s>");
        QVERIFY(chat.ok());
        const auto parts = chat->render(turns);
        QVERIFY(parts.ok());
        QCOMPARE(QString::fromStdString(flattened(*parts)), QString::fromStdString(expected));
    }
}

void TestChatTemplate::onlyTheTemplateMayHoldControlWords()
{
    QFETCH(QString, name);
    const auto chat = ChatTemplate::ofSource(sourceOf(name), "<s>", "</s>");
    QVERIFY(chat.ok());
    const auto parts =
        chat->render({{Role::User, "first-marker"}, {Role::Assistant, "second-marker"}, {Role::User, "third-marker"}});
    QVERIFY(parts.ok());
    // This template takes answers apart in a way that loses the mark; PromptTokens notices and marks them again.
    const bool losesAnswers = name.contains(u"Nemotron-3-Nano");
    for (const char *marker : {"first-marker", "second-marker", "third-marker"}) {
        const bool lost = std::any_of(parts->begin(), parts->end(), [=](const PromptPart &part) {
            return part.fromTemplate && part.text.find(marker) != std::string::npos;
        });
        QVERIFY2(lost == (losesAnswers && marker == std::string_view("second-marker")), marker);
    }
}

void TestChatTemplate::partsAlternate()
{
    const auto chat = ChatTemplate::ofSource(
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content | trim }}<|end|>{% endfor %}<|assistant|>", "", "");
    QVERIFY(chat.ok());
    const auto parts = chat->render({{Role::User, "  a<|end|>b "}});
    const std::vector<PromptPart> expected = {{true, "<|user|>"}, {false, "a<|end|>b"}, {true, "<|end|><|assistant|>"}};
    QVERIFY(*parts == expected);
    QCOMPARE(chat->sha256().size(), std::size_t{64});
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
    QVERIFY(chat->render({{Role::User, "a"}}).ok());
    const auto refused = chat->render({{Role::User, "a"}, {Role::User, "private"}});
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    QVERIFY((refused.error().message + refused.error().detail).find("private") == std::string::npos);
    QCOMPARE(chat->render({}).error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestChatTemplate)
#include "tst_chat_template.moc"
