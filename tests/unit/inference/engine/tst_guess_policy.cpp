// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/guess_policy.h"

#include <QTest>

#include <numeric>

using namespace tramontane::engine;

namespace {

/// 1 … 100, then something else, then 20 … 29 again.
TokenIds quoting()
{
    TokenIds tokens(100);
    std::iota(tokens.begin(), tokens.end(), 1);
    tokens.insert(tokens.end(), {900, 901, 902});
    for (int id = 20; id < 30; ++id)
        tokens.push_back(id);
    return tokens;
}

} // namespace

class TestGuessPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void guessesWhatFollowedBefore();
    void saysNothingWithoutAPattern();
    void keepsToTheRoom();
    void growsWhileRight();
    void stopsWhileWrong();
};

void TestGuessPolicy::guessesWhatFollowedBefore()
{
    const TokenIds guess = guessFromPrompt(quoting(), 8);
    QCOMPARE(guess.size(), std::size_t{8});
    for (std::size_t i = 0; i < guess.size(); ++i)
        QCOMPARE(guess[i], 30 + static_cast<llama_token>(i));
    QVERIFY(guessFromPrompt(quoting(), 1000).size() <= kMostGuessed);
}

void TestGuessPolicy::saysNothingWithoutAPattern()
{
    TokenIds tokens(200);
    std::iota(tokens.begin(), tokens.end(), 1);
    QVERIFY(guessFromPrompt(tokens, 8).empty());
    QVERIFY(guessFromPrompt({}, 8).empty());
    QVERIFY(guessFromPrompt({5}, 8).empty());
    QVERIFY(guessFromPrompt(quoting(), 0).empty());
}

void TestGuessPolicy::keepsToTheRoom()
{
    GuessPolicy policy;
    QCOMPARE(policy.next(0), std::size_t{0});
    QCOMPARE(policy.next(5), std::size_t{5});
}

void TestGuessPolicy::growsWhileRight()
{
    GuessPolicy policy;
    const std::size_t first = policy.next(100);
    for (int i = 0; i < 10; ++i)
        policy.learn(first, first);
    QVERIFY(policy.next(100) > first);
    QVERIFY(policy.next(100) <= kMostGuessed);
}

void TestGuessPolicy::stopsWhileWrong()
{
    GuessPolicy policy;
    std::size_t tries = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::size_t size = policy.next(100);
        tries += size > 0 ? 1 : 0;
        policy.learn(size, 0);
    }
    QVERIFY2(tries < 50, qPrintable(QString::number(tries)));
    QVERIFY(tries > 3); // it comes back now and then
}

QTEST_APPLESS_MAIN(TestGuessPolicy)
#include "tst_guess_policy.moc"
