// SPDX-License-Identifier: Apache-2.0
#include "app/core/utf8.h"
#include "engine_fixture.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace tramontane;
using namespace tramontane::engine;
using protocol::Turn;

// Control words in the text of a person, a document or a model never become control tokens.
class TestPromptTokens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyControlWordStaysText_data();
    void everyControlWordStaysText();
    void textCanBeReadBack_data() { everyControlWordStaysText_data(); }
    void textCanBeReadBack();
    void harmlessTextIsTokenisedAsAWhole_data() { everyControlWordStaysText_data(); }
    void harmlessTextIsTokenisedAsAWhole();
    void wordsMadeOfPiecesStayText();
    void aControlWordMayBeNoText();
    void aTemplateMayLoseTheMark_data();
    void aTemplateMayLoseTheMark();

private:
    Quiet m_quiet;
};

namespace {

/// A vocabulary with a template that uses its own control words.
struct Subject {
    ModelHandle model;
    std::optional<ChatTemplate> chat;
    [[nodiscard]] const llama_vocab *vocab() const { return llama_model_get_vocab(model.get()); }
};

Subject subjectFor(const QString &path, const QString &source)
{
    llama_model_params parameters = llama_model_default_params();
    parameters.vocab_only = true;
    Subject subject;
    subject.model.reset(llama_model_load_from_file(qPrintable(path), parameters));
    if (!subject.model)
        return subject;
    auto chat = source.isEmpty() ? ChatTemplate::ofModel(subject.model.get())
                                 : ChatTemplate::ofSource(source.toStdString(), "", "");
    if (chat)
        subject.chat.emplace(std::move(*chat));
    return subject;
}

TokenIds controlsOf(const llama_vocab *vocab, const TokenIds &tokens)
{
    TokenIds controls;
    std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(controls), [=](llama_token token) {
        return (llama_vocab_get_attr(vocab, token) & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN)) != 0;
    });
    return controls;
}

std::vector<std::string> controlWords(const llama_vocab *vocab)
{
    std::vector<std::string> words;
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
        const std::string text = llama_vocab_get_text(vocab, token);
        if (!controlsOf(vocab, {token}).empty() && !text.empty())
            words.push_back(text);
    }
    return words;
}

std::string detokenized(const llama_vocab *vocab, const TokenIds &tokens)
{
    std::string text(tokens.size() * 32 + 64, '\0');
    const auto size = llama_detokenize(vocab, tokens.data(), static_cast<std::int32_t>(tokens.size()), text.data(),
                                       static_cast<std::int32_t>(text.size()), false, true);
    text.resize(static_cast<std::size_t>(std::max(size, 0)));
    return text;
}

std::vector<Turn> turns(const std::vector<std::string> &questions)
{
    std::vector<Turn> list;
    for (const std::string &question : questions)
        list.push_back({Role::User, question});
    return list;
}

std::vector<Turn> conversationWith(const std::string &text, Role where)
{
    std::vector<Turn> turns = {
        {Role::System, "Be brief."}, {Role::User, "One?"}, {Role::Assistant, "Two."}, {Role::User, "Three?"}};
    for (Turn &turn : turns) {
        if (turn.role == where)
            turn.text = text;
    }
    return turns;
}

} // namespace

void TestPromptTokens::everyControlWordStaysText_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("source");
    const QString chatMl = QStringLiteral("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
                                          "{% endfor %}<|im_start|>assistant\n");
    const QString llama2 = QStringLiteral("{% for m in messages %}{% if m.role == 'user' %}<s>[INST] {{ m.content }} "
                                          "[/INST]{% else %} {{ m.content }} </s>{% endif %}{% endfor %}");
    const QString phi = QStringLiteral("{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}"
                                       "<|assistant|>\n");
    const QString vocabularies = QStringLiteral(LLAMA_SOURCE_DIR "/models/ggml-vocab-%1.gguf");
    QTest::newRow("starter model") << QString::fromLatin1(kChatModel) << QString();
    QTest::newRow("Qwen 2, BPE") << vocabularies.arg(QStringLiteral("qwen2")) << chatMl;
    QTest::newRow("Llama 2, SPM") << vocabularies.arg(QStringLiteral("llama-spm")) << llama2;
    QTest::newRow("Phi 3, SPM") << vocabularies.arg(QStringLiteral("phi-3")) << phi;
    QTest::newRow("Llama 3, BPE") << vocabularies.arg(QStringLiteral("llama-bpe")) << phi;
}

void TestPromptTokens::everyControlWordStaysText()
{
    QFETCH(QString, model);
    QFETCH(QString, source);
    const Subject subject = subjectFor(model, source);
    QVERIFY(subject.model && subject.chat);
    const PromptTokens prompts(subject.vocab(), *subject.chat);
    const auto words = controlWords(subject.vocab());
    QVERIFY(!words.empty());
    int checked = 0;
    for (const Role role : {Role::System, Role::User, Role::Assistant}) {
        const TokenIds expected =
            controlsOf(subject.vocab(), *prompts.make(PromptInput{conversationWith("harmless", role)}));
        for (const std::string &word : words) {
            for (const std::string &text : {word, "a" + word + "b", word + word, "\n" + word + "\n", word + " "}) {
                const auto tokens = prompts.make(PromptInput{conversationWith(text, role)});
                QVERIFY(tokens.ok());
                QVERIFY2(controlsOf(subject.vocab(), *tokens) == expected, text.c_str());
                ++checked;
            }
        }
    }
    qInfo("%zu control words, %d prompts", words.size(), checked);
}

void TestPromptTokens::textCanBeReadBack()
{
    QFETCH(QString, model);
    QFETCH(QString, source);
    const Subject subject = subjectFor(model, source);
    const PromptTokens prompts(subject.vocab(), *subject.chat);
    for (const std::string &word : controlWords(subject.vocab())) {
        const auto tokens = prompts.make(PromptInput{turns({"What does " + word + " mean?"})});
        QVERIFY(tokens.ok());
        QVERIFY2(detokenized(subject.vocab(), *tokens).find(word) != std::string::npos, word.c_str());
    }
}

void TestPromptTokens::harmlessTextIsTokenisedAsAWhole()
{
    QFETCH(QString, model);
    QFETCH(QString, source);
    const Subject subject = subjectFor(model, source);
    const PromptTokens prompts(subject.vocab(), *subject.chat);
    for (const char *text : {"Hello", " leading", "trailing ", "two\n\nlines", "Grüße, 你好 🙂", "1 < 2 | 3 > 2",
                             "", "<|not_one|>"}) {
        const auto turns = conversationWith(text, Role::User);
        const auto whole = subject.chat->render({turns});
        QVERIFY(whole.ok());
        TokenIds expected;
        if (llama_vocab_get_add_bos(subject.vocab()))
            expected.push_back(llama_vocab_bos(subject.vocab()));
        const TokenIds body = tokenizeText(subject.vocab(), *whole, true);
        expected.insert(expected.end(), body.begin(), body.end());
        QVERIFY2(*prompts.make(PromptInput{turns}) == expected, text);
    }
}

void TestPromptTokens::wordsMadeOfPiecesStayText()
{
    // The second half of a control word lies in the next turn, or in the template.
    const Subject subject =
        subjectFor(QString::fromLatin1(kChatModel),
                   QStringLiteral("{% for m in messages %}{{ m.content }}{% endfor %}|><|im_end|>"));
    QVERIFY(subject.chat.has_value());
    const PromptTokens prompts(subject.vocab(), *subject.chat);
    const TokenIds expected = controlsOf(subject.vocab(), *prompts.make(PromptInput{turns({"harmless", "text"})}));
    QCOMPARE(expected.size(), std::size_t{1});
    QVERIFY(controlsOf(subject.vocab(), *prompts.make(PromptInput{turns({"<|im_", "start|>"})})) == expected);
    QVERIFY(controlsOf(subject.vocab(), *prompts.make(PromptInput{turns({"<|im_start"})})) == expected);
}

void TestPromptTokens::aControlWordMayBeNoText()
{
    QFile original(QStringLiteral(LLAMA_SOURCE_DIR "/models/ggml-vocab-qwen2.gguf"));
    QVERIFY(original.open(QFile::ReadOnly));
    QByteArray bytes = original.readAll();
    const QByteArray word = QByteArrayLiteral("<|endoftext|>");
    QVERIFY(bytes.contains(word));
    bytes.replace(word, QByteArrayLiteral("\xFF|endoftext|>"));
    QTemporaryDir folder;
    QFile changed(folder.filePath(QStringLiteral("vocabulary.gguf")));
    QVERIFY(changed.open(QFile::WriteOnly) && changed.write(bytes) == bytes.size());
    changed.close();
    const Subject subject = subjectFor(
        changed.fileName(), QStringLiteral("{% for m in messages %}<|im_start|>{{ m.content }}{% endfor %}"));
    QVERIFY(subject.model && subject.chat);
    const auto words = controlWords(subject.vocab());
    QVERIFY(std::any_of(words.begin(), words.end(), [](const std::string &word) { return !isUtf8(word); }));
    const PromptTokens prompts(subject.vocab(), *subject.chat); // it tries all of them with the template
    const auto tokens = prompts.make(PromptInput{turns({"Hello <|im_start|>"})});
    QVERIFY(tokens.ok());
    QCOMPARE(controlsOf(subject.vocab(), *tokens).size(), std::size_t{1});
}

void TestPromptTokens::aTemplateMayLoseTheMark_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("refused");
    const QString whole = QStringLiteral("before <|im_end|> after");
    QTest::newRow("as it is") << "m.content" << whole << false;
    QTest::newRow("trimmed") << "m.content | trim" << QStringLiteral(" \n") + whole << false;
    QTest::newRow("as JSON") << "m.content | tojson" << whole << false;
    QTest::newRow("as JSON, with a quote") << "m.content | tojson" << QStringLiteral("\"") + whole << false;
    QTest::newRow("as ASCII JSON") << "m.content | tojson(ensure_ascii=true)" << whole << false;
    QTest::newRow("replaced") << "m.content | replace('before', 'behind')" << whole << false;
    QTest::newRow("small letters made capitals")
        << "'<|im_' ~ (m.content | lower) ~ '|>'" << QStringLiteral("END") << false;
    QTest::newRow("joined by taking out")
        << "m.content.split('<a>')[0] ~ m.content.split('</a>')[-1]" << QStringLiteral("<|im_<a>b</a>end|>") << false;
    QTest::newRow("joined behind the first character")
        << "m.content.split('(')[0] ~ m.content.split(')')[-1]" << QStringLiteral("<()|im_end|>") << false;
    QTest::newRow("the mark taken out") << "m.content | replace('\uFDD0', '')" << whole << true;
    QTest::newRow("in capitals") << "m.content | upper" << whole << false; // no control word any more
}

void TestPromptTokens::aTemplateMayLoseTheMark()
{
    QFETCH(QString, content);
    QFETCH(QString, text);
    QFETCH(bool, refused);
    const Subject subject =
        subjectFor(QString::fromLatin1(kChatModel),
                   QStringLiteral("{% for m in messages %}<|im_start|>{{ %1 }}<|im_end|>{% endfor %}").arg(content));
    QVERIFY(subject.chat.has_value());
    const PromptTokens prompts(subject.vocab(), *subject.chat);
    QVERIFY(prompts.make(PromptInput{turns({"harmless"})}).ok());
    const auto tokens = prompts.make(PromptInput{turns({text.toStdString()})});
    QCOMPARE(tokens.ok(), !refused);
    if (tokens)
        QCOMPARE(controlsOf(subject.vocab(), *tokens).size(), std::size_t{2});
    else
        QCOMPARE(tokens.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestPromptTokens)
#include "tst_prompt_tokens.moc"
