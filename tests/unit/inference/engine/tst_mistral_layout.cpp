// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/prompt/mistral_layout.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

// Prompts of Mistral's models against what mistral-common makes of the same conversations
// (tests/support/mistral/oracle.py): token ids for the tokenizers in its wheel, the layout only for v11, v13 and v15.
class TestMistralLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void equalsMistralCommon_data();
    void equalsMistralCommon();
    void idsOfCallsAreNineCharacters();
    void refusesWhatTheVersionCannotSay_data();
    void refusesWhatTheVersionCannotSay();
    void isFoundByTemplateAndVocabulary_data();
    void isFoundByTemplateAndVocabulary();
    void aPromptUsesIt();

private:
    const llama_vocab *vocabulary(const QString &name);

    Quiet m_quiet;
    QJsonObject m_oracle;
    std::map<QString, ModelHandle> m_models;
};

namespace {

std::string text(const QJsonValue &value)
{
    return value.toString().toStdString();
}

ChatTurn turnOf(const QJsonObject &json)
{
    ChatTurn turn{*roleFromName(text(json["role"])), text(json["text"])};
    turn.reasoning = text(json["reasoning"]);
    turn.prefix = json["prefix"].toBool();
    turn.toolCallId = text(json["tool_call_id"]);
    turn.toolName = text(json["tool_name"]);
    for (const QJsonValue call : json["tool_calls"].toArray())
        turn.toolCalls.push_back({text(call["id"]), text(call["name"]), text(call["arguments"])});
    return turn;
}

PromptInput promptFor(const QJsonObject &oracle, const QJsonObject &testCase)
{
    const QJsonObject conversation = oracle["conversations"][testCase["conversation"].toString()].toObject();
    PromptInput prompt;
    for (const QJsonValue turn : conversation["turns"].toArray())
        prompt.turns.push_back(turnOf(turn.toObject()));
    prompt.shape.reasoningEffort = text(testCase["reasoning_effort"]);
    if (!conversation["tools"].toBool())
        return prompt;
    // Written out, because QJsonObject sorts its keys and the order is part of the prompt.
    prompt.shape.tools = {
        {"get_weather", "The weather in a city, \u00e9 \"quoted\"",
         R"({"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},)"
         R"( "required": ["city"]})"},
        {"now", "", "{}"}};
    return prompt;
}

std::string flat(const std::vector<LayoutPiece> &pieces)
{
    std::string whole;
    for (const LayoutPiece &piece : pieces) {
        whole += piece.text;
        whole += piece.kind == LayoutPiece::Kind::Begin ? "<s>" : piece.kind == LayoutPiece::Kind::End ? "</s>" : "";
    }
    return whole;
}

std::optional<MistralVersion> versionNamed(const QString &name)
{
    using enum MistralVersion;
    for (const MistralVersion version : {V1, V2, V3, V7, V11, V13, V15}) {
        if (mistralVersionName(version) == name.toStdString())
            return version;
    }
    return std::nullopt;
}

/// Where we are deliberately not as strict as mistral-common; see mistral_layout.h.
bool mayBeAccepted(const QString &conversation)
{
    return conversation == u"late system" || conversation.startsWith(u"reasoning");
}

/// Where we are deliberately stricter: mistral-common leaves the tools out.
bool mustBeRefused(MistralVersion version, const QString &conversation)
{
    return version == MistralVersion::V1 && conversation == u"tools";
}

} // namespace

void TestMistralLayout::initTestCase()
{
    QFile file(QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/mistral/prompts.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_oracle = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(m_oracle["tokenizers"].toObject().size(), 10);
    qInfo("oracle: %s; v11, v13, v15: layout only, ids not verified", qPrintable(m_oracle["package"].toString()));
}

const llama_vocab *TestMistralLayout::vocabulary(const QString &name)
{
    ModelHandle &model = m_models[name];
    if (!model) {
        llama_model_params parameters = llama_model_default_params();
        parameters.vocab_only = true;
        model.reset(llama_model_load_from_file(qPrintable(QStringLiteral(MISTRAL_TOKENIZERS "/%1.gguf").arg(name)),
                                               parameters));
    }
    return model ? llama_model_get_vocab(model.get()) : nullptr;
}

void TestMistralLayout::equalsMistralCommon_data()
{
    QTest::addColumn<QString>("tokenizer");
    QTest::addColumn<QJsonObject>("testCase");
    const QJsonObject tokenizers = m_oracle["tokenizers"].toObject();
    for (auto it = tokenizers.begin(); it != tokenizers.end(); ++it) {
        for (const QJsonValue value : it.value().toObject()["cases"].toArray()) {
            const QString name = QStringLiteral("%1, %2 %3")
                                     .arg(it.key(), value.toObject()["conversation"].toString(),
                                          value.toObject()["reasoning_effort"].toString());
            QTest::newRow(qPrintable(name)) << it.key() << value.toObject();
        }
    }
}

void TestMistralLayout::equalsMistralCommon()
{
    QFETCH(QString, tokenizer);
    QFETCH(QJsonObject, testCase);
    const QJsonObject about = m_oracle["tokenizers"][tokenizer].toObject();
    const auto version = versionNamed(about["version"].toString());
    QVERIFY(version.has_value());
    const PromptInput prompt = promptFor(m_oracle, testCase);
    QVERIFY(checkPrompt(prompt).ok());
    const auto pieces = mistralLayout(*version, prompt);
    const QString conversation = testCase["conversation"].toString();
    const bool refused = testCase.contains("refused");
    if (refused && mayBeAccepted(conversation))
        return; // there is nothing to compare with
    QCOMPARE(pieces.ok(), !refused && !mustBeRefused(*version, conversation));
    if (!pieces)
        return;
    if (about["verified"] == "layout") {
        QCOMPARE(QString::fromStdString(flat(*pieces)), testCase["layout"].toString());
        return;
    }
    const llama_vocab *vocab = vocabulary(tokenizer);
    QVERIFY2(vocab != nullptr, "the tokenizer was not converted");
    QJsonArray ids;
    for (const llama_token token : mistralTokens(vocab, *pieces))
        ids.append(token);
    QCOMPARE(QJsonDocument(ids).toJson(QJsonDocument::Compact),
             QJsonDocument(testCase["ids"].toArray()).toJson(QJsonDocument::Compact));
}

void TestMistralLayout::idsOfCallsAreNineCharacters()
{
    const auto prompt = [](const std::string &id) {
        return PromptInput{
            {{Role::User, "u"}, {Role::Assistant, "", "", {{id, "f", "{}"}}}, {Role::Tool, "r", "", {}, id, "f"}}};
    };
    const auto kept = mistralLayout(MistralVersion::V7, prompt("abcDEF123"));
    QVERIFY(flat(*kept).find(R"("id": "abcDEF123")") != std::string::npos);
    const auto replaced = mistralLayout(MistralVersion::V7, prompt("call_0123456789"));
    const std::string whole = flat(*replaced);
    QVERIFY(whole.find("call_0") == std::string::npos);
    // The same one in the call and in its result.
    const std::string id = whole.substr(whole.find(R"("id": ")") + 7, 9);
    QVERIFY(whole.find("[TOOL_RESULTS]" + id + "[TOOL_CONTENT]") != std::string::npos);
}

void TestMistralLayout::refusesWhatTheVersionCannotSay_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("what");
    QTest::newRow("tools in v1") << "v1"
                                 << "tools";
    QTest::newRow("text and call in v3") << "v3"
                                         << "text and call";
    QTest::newRow("two results in v2") << "v2"
                                       << "two results";
    QTest::newRow("an answer at the end") << "v7"
                                          << "answer";
    QTest::newRow("an empty answer") << "v7"
                                     << "empty";
    QTest::newRow("effort before v15") << "v13"
                                       << "effort";
    QTest::newRow("unknown effort") << "v15"
                                    << "strange effort";
}

void TestMistralLayout::refusesWhatTheVersionCannotSay()
{
    QFETCH(QString, version);
    QFETCH(QString, what);
    const ToolCall call{"abcDEF123", "f", "{}"};
    const ToolCall other{"abcDEF124", "f", "{}"};
    PromptInput prompt{{{Role::User, "u"}}};
    if (what == u"tools")
        prompt.shape.tools = {{"f", "", ""}};
    if (what == u"text and call")
        prompt.turns = {{Role::User, "u"}, {Role::Assistant, "a", "", {call}}, {Role::Tool, "1", "", {}, call.id}};
    if (what == u"two results")
        prompt.turns = {{Role::User, "u"},
                        {Role::Assistant, "", "", {call, other}},
                        {Role::Tool, "1", "", {}, call.id},
                        {Role::Tool, "1", "", {}, other.id}};
    if (what == u"answer")
        prompt.turns.push_back({Role::Assistant, "a"});
    if (what == u"empty")
        prompt.turns = {{Role::User, "u"}, {Role::Assistant, ""}, {Role::User, "u"}};
    if (what.contains(u"effort"))
        prompt.shape.reasoningEffort = what == u"effort" ? "high" : "enormous";
    const auto pieces = mistralLayout(*versionNamed(version), prompt);
    QVERIFY(!pieces.ok());
    QCOMPARE(pieces.error().code, ErrorCode::InvalidArgument);
}

void TestMistralLayout::isFoundByTemplateAndVocabulary_data()
{
    QTest::addColumn<QString>("tokenizer");
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("version");
    const QByteArray v3 =
        "{%- if messages[0].role == 'system' %}{%- set s = messages[0].content %}{%- set rest = messages[1:] %}{%- "
        "else %}"
        "{%- set rest = messages %}{%- endif %}{{- bos_token }}{%- for m in rest %}{%- if m.role == 'user' %}"
        "{{- '[INST] ' }}{%- if loop.last and s is defined %}{{- s + '\\n\\n' }}{%- endif %}{{- m.content + '[/INST]' "
        "}}"
        "{%- else %}{{- ' ' + m.content + eos_token }}{%- endif %}{%- endfor %}{# call_id [TOOL_RESULTS] #}";
    const QByteArray v7 =
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}[SYSTEM_PROMPT] {{ m.content }}"
        "[/SYSTEM_PROMPT]{% elif m.role == 'user' %}[INST] {{ m.content }}[/INST]{% else %} {{ m.content }}"
        "{{ eos_token }}{% endif %}{% endfor %}";
    QTest::newRow("v3") << "v3" << v3 << "v3";
    QTest::newRow("Tekken v3") << "tekken_240718" << v3 << "v3";
    QTest::newRow("v7") << "v7" << v7 << "v7";
    QTest::newRow("v7 without its words") << "v3" << v7 << "";
    QTest::newRow("a changed template") << "v7" << QByteArray(v7).replace("[INST] ", "[INST] User:") << "";
    QTest::newRow("another family") << "v7" << QByteArray("{% for m in messages %}{{ m.content }}{% endfor %}") << "";
}

void TestMistralLayout::isFoundByTemplateAndVocabulary()
{
    QFETCH(QString, tokenizer);
    QFETCH(QByteArray, source);
    QFETCH(QString, version);
    const auto chat = ChatTemplate::ofSource(source.toStdString(), "<s>", "</s>");
    QVERIFY(chat.ok());
    QVERIFY(vocabulary(tokenizer) != nullptr);
    const auto found = mistralVersionOf(vocabulary(tokenizer), *chat);
    QCOMPARE(found ? QString::fromStdString(std::string(mistralVersionName(*found))) : QString(), version);
}

void TestMistralLayout::aPromptUsesIt()
{
    QFile file(QStringLiteral(LLAMA_SOURCE_DIR "/models/templates/mistralai-Mistral-Nemo-Instruct-2407.jinja"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto chat = ChatTemplate::ofSource(file.readAll().toStdString(), "<s>", "</s>");
    QVERIFY(chat.ok());
    const PromptTokens prompts(vocabulary(QStringLiteral("tekken_240718")), *chat);
    QVERIFY(prompts.mistral() == MistralVersion::V3);
    const TokenIds golden = {1, 3, 37133, 4, 22177, 1033, 2, 3, 5934, 13426, 1338, 51286};
    auto tokens = prompts.make(PromptInput{{{Role::System, "Be brief."},
                                            {Role::User, "Hi"},
                                            {Role::Assistant, "Hello!"},
                                            {Role::User, "Weather in Paris?"}}});
    QVERIFY(tokens.ok());
    tokens->resize(golden.size());
    QVERIFY(*tokens == golden);
}

QTEST_APPLESS_MAIN(TestMistralLayout)
#include "tst_mistral_layout.moc"
