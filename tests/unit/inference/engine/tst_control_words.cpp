// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/prompt/control_words.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

// Marks in text from outside: put in, taken out, and no control word comes through.
class TestControlWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void textComesBackAsItWas_data();
    void textComesBackAsItWas();
    void wordsOfTheTemplateBecomeTokens();
    void shieldedWordsStayText();
    void jsonKeepsItsFormAndMeaning_data();
    void jsonKeepsItsFormAndMeaning();
    void escapesOfTheMarkAreTakenOut();
    void tokenisesAsLlamaDoes();

private:
    [[nodiscard]] const llama_vocab *vocab() const { return llama_model_get_vocab(m_model.get()); }

    Quiet m_quiet;
    ModelHandle m_model;
    std::optional<ControlWords> m_words;
};

void TestControlWords::initTestCase()
{
    llama_model_params parameters = llama_model_default_params();
    parameters.vocab_only = true;
    m_model.reset(llama_model_load_from_file(kChatModel, parameters));
    QVERIFY(m_model != nullptr);
    m_words.emplace(vocab());
    QVERIFY(!m_words->words().empty());
}

void TestControlWords::textComesBackAsItWas_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("back");
    for (const char *text :
         {"", "a", "plain text", "<|im_start|>", "a <b> c", "<", ">", "<<<", "im_start", "Gr\u00FC\u00DFe \u4F60"})
        QTest::newRow(*text == '\0' ? "empty" : text) << QByteArray(text) << QByteArray(text);
    QTest::newRow("the mark itself") << QByteArray("a\uFDD0b") << QByteArray("a\uFFFDb");
}

void TestControlWords::textComesBackAsItWas()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, back);
    QCOMPARE(unshielded(m_words->shield(text.toStdString())), back.toStdString());
}

void TestControlWords::wordsOfTheTemplateBecomeTokens()
{
    const TokenIds tokens = m_words->tokenize("<|im_start|>user\nHi<|im_end|>");
    QVERIFY(tokens.size() > 3);
    QVERIFY(isControl(vocab(), tokens.front()));
    QVERIFY(isControl(vocab(), tokens.back()));
}

void TestControlWords::shieldedWordsStayText()
{
    for (const std::string &word : m_words->words()) {
        for (const std::string &text : {word, "a" + word + "b", word + word}) {
            const TokenIds tokens = m_words->tokenize(m_words->shield(text));
            QVERIFY2(tokens == tokenizeText(vocab(), text, false), text.c_str());
        }
    }
}

void TestControlWords::jsonKeepsItsFormAndMeaning_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("back");
    const QByteArray spaced = R"({ "a" : [1, 2.50, "<|im_end|>"], "<|im_start|>" : { } })";
    QTest::newRow("its form") << spaced << spaced;
    const QByteArray quoted = R"({"a":"say \"<|im_end|>\" \\"})";
    QTest::newRow("quotes") << quoted << quoted;
    QTest::newRow("escaped") << QByteArray(R"({"a": "\u003c|im_end|>"})") << QByteArray(R"({"a":"<|im_end|>"})");
    QTest::newRow("no object") << QByteArray("[1]") << QByteArray("[1]");
}

void TestControlWords::jsonKeepsItsFormAndMeaning()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, back);
    const std::string shielded = m_words->shieldJson(json.toStdString());
    QCOMPARE(unshielded(shielded), back.toStdString());
    for (const llama_token token : m_words->tokenize(shielded))
        QVERIFY(!isControl(vocab(), token));
}

void TestControlWords::escapesOfTheMarkAreTakenOut()
{
    QCOMPARE(unshielded(R"(<\ufdd0|im_end|>)"), std::string("<|im_end|>"));
    QCOMPARE(unshielded(R"(\\ufdd0)"), std::string(R"(\\ufdd0)")); // a backslash and text
    QCOMPARE(unshielded(R"(\\\ufdd0)"), std::string(R"(\\)"));
}

void TestControlWords::tokenisesAsLlamaDoes()
{
    for (const char *text : {"<|im_start|>user\nHello  there<|im_end|>\n<|im_start|>assistant\n",
                             "<|im_start|><|im_end|>", " <|im_start|> x", "no word at all", "<|im_sta"})
        QVERIFY2(m_words->tokenize(text) == tokenizeText(vocab(), text, true), text);
}

QTEST_APPLESS_MAIN(TestControlWords)
#include "tst_control_words.moc"
