// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/answer/token_chances.h"
#include "inference/engine/prompt/return_points.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

class TestReturnPoints : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theFirstAndTheLastQuestion();
    void oneQuestionHasOnePoint();
    void theQuestionDoesNotMatter_data();
    void theQuestionDoesNotMatter();
    void withoutAQuestionThereIsNone();

private:
    struct Made {
        TokenIds tokens;
        std::vector<std::size_t> points;
    };
    [[nodiscard]] Made make(const std::vector<ChatTurn> &turns) const;
    [[nodiscard]] std::string text(const TokenIds &tokens, std::size_t size) const;

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestReturnPoints::initTestCase()
{
    auto engine = loadEngine(kChatModel, {256, 1, 256, 64});
    QVERIFY(engine.ok());
    m_engine = std::move(*engine);
}

TestReturnPoints::Made TestReturnPoints::make(const std::vector<ChatTurn> &turns) const
{
    const auto tokens = m_engine->prompts()->make({turns});
    if (!tokens)
        return {};
    return {*tokens, returnPoints(*m_engine->prompts(), {turns}, *tokens)};
}

std::string TestReturnPoints::text(const TokenIds &tokens, std::size_t size) const
{
    std::string all;
    for (std::size_t i = 0; i < size; ++i)
        all += tokenBytes(m_engine->vocab(), tokens[i], true);
    return all;
}

void TestReturnPoints::theFirstAndTheLastQuestion()
{
    const auto made = make({{Role::System, "Be brief."},
                            {Role::User, "What is gravity?"},
                            {Role::Assistant, "A force."},
                            {Role::User, "And light?"},
                            {Role::Assistant, "A wave", {}, {}, {}, {}, {}, true}});
    QCOMPARE(made.points.size(), std::size_t{2});
    const std::string system = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n";
    QCOMPARE(text(made.tokens, made.points[0]), system);
    QCOMPARE(text(made.tokens, made.points[1]),
             system + "What is gravity?<|im_end|>\n<|im_start|>assistant\nA force.<|im_end|>\n<|im_start|>user\n");
}

void TestReturnPoints::oneQuestionHasOnePoint()
{
    const auto made = make({{Role::System, "Be brief."}, {Role::User, "What is gravity?"}});
    QCOMPARE(made.points.size(), std::size_t{1});
}

void TestReturnPoints::theQuestionDoesNotMatter_data()
{
    QTest::addColumn<QString>("question");
    QTest::newRow("a letter") << "x";
    QTest::newRow("a word with it") << "xylophone";
    QTest::newRow("a digit") << "7";
    QTest::newRow("a number with it") << "77 sunset strip";
    QTest::newRow("a line end") << "\n\nwhat?";
    QTest::newRow("a space") << " what?";
}

void TestReturnPoints::theQuestionDoesNotMatter()
{
    QFETCH(QString, question);
    const auto made = make({{Role::System, "Be brief."}, {Role::User, question.toStdString()}});
    QCOMPARE(made.points.size(), std::size_t{1});
    const std::string before = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n";
    const std::string kept = text(made.tokens, made.points[0]);
    // Never behind the place; before it only where the tokenizer joins what stands on both sides.
    QVERIFY2(before.starts_with(kept) && kept.size() + 2 >= before.size(), kept.c_str());
}

void TestReturnPoints::withoutAQuestionThereIsNone()
{
    QVERIFY(make({{Role::System, "Be brief."}}).points.empty());
}

QTEST_APPLESS_MAIN(TestReturnPoints)
#include "tst_return_points.moc"
