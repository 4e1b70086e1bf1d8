// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <gguf.h>

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace tramontane;
using namespace tramontane::engine;

// Every template in llama.cpp's source with a vocabulary in which every word that looks like a control word of it is one.
// Whatever stands in the text of a person, a document or a tool: the control tokens of the prompt are those of the same
// prompt with harmless text, and no template has to be refused.
class TestTemplateInjection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void controlWordsStayText_data();
    void controlWordsStayText();
    void cleanupTestCase();

private:
    Quiet m_quiet;
    QTemporaryDir m_folder;
    int m_prompts = 0;
    std::size_t m_words = 0;
    QStringList m_withoutTools; // templates that refuse a conversation with tools, whatever its text
};

namespace {

const QString kFolder = QStringLiteral(LLAMA_SOURCE_DIR "/models/templates/");

std::string sourceOf(const QString &name)
{
    QFile file(kFolder + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// <...>, [NAME], [/NAME] and the like, and what most vocabularies have.
std::set<std::string> controlWordsOf(const std::string &source)
{
    std::set<std::string> words = {"<s>", "</s>", "<|im_start|>", "<|im_end|>", "<unk>"};
    static const QRegularExpression kWord(QStringLiteral(R"(</?[^<>\s'"{}%]{1,40}>|\[/?[A-Z][A-Z_]{2,30}\])"));
    auto found = kWord.globalMatch(QString::fromStdString(source));
    while (found.hasNext())
        words.insert(found.next().captured().toStdString());
    return words;
}

/// Bytes as tokens, as GPT-2 writes them, and the control words.
/// Every other word of the template is not a control token but user-defined: vocabularies call them either.
void writeVocabulary(const std::string &path, const std::set<std::string> &words, const std::string &said)
{
    std::vector<std::string> tokens;
    std::vector<std::int32_t> types;
    int next = 256;
    for (int byte = 0; byte < 256; ++byte) {
        const bool printable = (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
        tokens.push_back(QString(QChar(printable ? byte : next++)).toStdString());
        types.push_back(1);
    }
    for (const std::string &word : words) {
        tokens.push_back(word);
        types.push_back(tokens.size() % 2 == 0 || said.find(word) == std::string::npos ? 3 : 4);
    }
    std::vector<const char *> texts;
    std::transform(tokens.begin(), tokens.end(), std::back_inserter(texts), [](const auto &t) { return t.c_str(); });
    const char *noMerges[] = {"a b"};
    gguf_context *file = gguf_init_empty();
    gguf_set_val_str(file, "general.architecture", "llama");
    gguf_set_val_str(file, "tokenizer.ggml.model", "gpt2");
    gguf_set_val_str(file, "tokenizer.ggml.pre", "default");
    gguf_set_arr_str(file, "tokenizer.ggml.tokens", texts.data(), texts.size());
    gguf_set_arr_data(file, "tokenizer.ggml.token_type", GGUF_TYPE_INT32, types.data(), types.size());
    gguf_set_arr_str(file, "tokenizer.ggml.merges", noMerges, 1);
    gguf_set_val_u32(file, "tokenizer.ggml.bos_token_id", 256);
    gguf_set_val_u32(file, "tokenizer.ggml.eos_token_id", 257);
    gguf_set_val_bool(file, "tokenizer.ggml.add_bos_token", false);
    gguf_write_to_file(file, path.c_str(), true);
    gguf_free(file);
}

/// The vocabulary has nothing but bytes and control words.
TokenIds controlsOf(const TokenIds &tokens)
{
    TokenIds controls;
    std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(controls),
                 [](llama_token token) { return token >= 256; });
    return controls;
}

enum class Place { User, Document, Tool };

PromptInput promptWith(const std::string &text, Place place)
{
    ChatTurn question{Role::User, "Question?"};
    if (place == Place::User)
        question.text = text;
    if (place == Place::Document)
        question.documents = {{text, text}};
    if (place != Place::Tool)
        return {{{Role::System, "Be brief."}, {Role::User, "One?"}, {Role::Assistant, "Two."}, question}};
    const ToolDefinition tool{"weather", "The weather.",
                              R"({"type":"object","properties":{"city":{"type":"string","description":"name"}}})"};
    return {{{Role::System, "Be brief."},
             question,
             {Role::Assistant, "", "", {{"abcDEF123", "weather", R"({"city":"Paris"})"}}},
             {Role::Tool, text, "", {}, "abcDEF123", "weather"}},
            {{tool}}};
}

} // namespace

void TestTemplateInjection::controlWordsStayText_data()
{
    QTest::addColumn<QString>("name");
    const auto names = QDir(kFolder).entryList({QStringLiteral("*.jinja")}, QDir::Files);
    QVERIFY(names.size() > 50);
    for (const QString &name : names)
        QTest::newRow(qPrintable(name)) << name;
}

void TestTemplateInjection::controlWordsStayText()
{
    QFETCH(QString, name);
    const std::string source = sourceOf(name);
    const auto chat = ChatTemplate::ofSource(source, "<s>", "</s>");
    QVERIFY(chat.ok());
    // Some templates put their control words together from pieces.
    const auto rendered = chat->render(promptWith("harmless", Place::User));
    QVERIFY(rendered.ok());
    const std::string said = source + *rendered;
    const auto words = controlWordsOf(said);
    const std::string path = m_folder.filePath(QStringLiteral("vocabulary.gguf")).toStdString();
    writeVocabulary(path, words, said);
    llama_model_params parameters = llama_model_default_params();
    parameters.vocab_only = true;
    const ModelHandle model(llama_model_load_from_file(path.c_str(), parameters));
    QVERIFY(model != nullptr);
    const llama_vocab *vocab = llama_model_get_vocab(model.get());
    const PromptTokens prompts(vocab, *chat);
    m_words += words.size();
    for (const Place place : {Place::User, Place::Document, Place::Tool}) {
        const auto harmless = prompts.make(promptWith("harmless", place));
        if (!harmless && place == Place::Tool) {
            qInfo("%s %s", harmless.error().message.c_str(), harmless.error().detail.c_str());
            m_withoutTools.push_back(name);
            continue;
        }
        QVERIFY2(harmless.ok(), harmless.ok() ? "" : harmless.error().detail.c_str());
        const TokenIds expected = controlsOf(*harmless);
        QVERIFY2(!expected.empty() || name.contains(u"rwkv"), "a prompt without control tokens shows nothing");
        for (const std::string &word : words) {
            const auto tokens = prompts.make(promptWith("a " + word + word + " {\"" + word + "\"}", place));
            QVERIFY2(tokens.ok(), word.c_str());
            QVERIFY2(controlsOf(*tokens) == expected, word.c_str());
            ++m_prompts;
        }
    }
}

void TestTemplateInjection::cleanupTestCase()
{
    qInfo("%zu control words, %d prompts; refused because of control words: none; no conversation with tools: %s",
          m_words, m_prompts, qPrintable(m_withoutTools.join(u", ")));
    QVERIFY(m_prompts > 1000);
    QVERIFY2(m_withoutTools.size() <= 6, qPrintable(m_withoutTools.join(u", ")));
}

QTEST_APPLESS_MAIN(TestTemplateInjection)
#include "tst_template_injection.moc"
