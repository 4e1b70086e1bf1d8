// SPDX-License-Identifier: Apache-2.0
#include "tests/support/answers/near_ties.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tramontane;
using namespace tramontane::test;

namespace {

/// Tokens that are each `gap` likelier than what could have come instead.
std::vector<TokenLogprob> answer(const std::vector<std::int32_t> &tokens, double gap = 1)
{
    constexpr double kFirst = -1;
    std::vector<TokenLogprob> said;
    for (const std::int32_t token : tokens) {
        const TokenChance chosen{token, {}, kFirst};
        said.push_back({chosen, {chosen, {token + 100, {}, kFirst - gap}}});
    }
    return said;
}

} // namespace

// What lets two answers pass as the same: a judge that lets everything pass would hide whatever it judges.
class TestNearTies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theGapIsWhereTheyPart_data();
    void theGapIsWhereTheyPart();
    void onlyACloseGapIsANearTie_data();
    void onlyACloseGapIsANearTie();
    void differencesCountUpToWhereTheyPart();
};

void TestNearTies::theGapIsWhereTheyPart_data()
{
    using Tokens = std::vector<std::int32_t>;
    constexpr double kNone = -1;
    constexpr double kInfinite = std::numeric_limits<double>::infinity();
    QTest::addColumn<Tokens>("one");
    QTest::addColumn<Tokens>("other");
    QTest::addColumn<double>("gap");
    QTest::newRow("the same") << Tokens{1, 2, 3} << Tokens{1, 2, 3} << kNone;
    QTest::newRow("both empty") << Tokens{} << Tokens{} << kNone;
    QTest::newRow("another token") << Tokens{1, 2, 3} << Tokens{1, 5, 3} << 0.25;
    QTest::newRow("another last token") << Tokens{1, 2} << Tokens{1, 5} << 0.25;
    QTest::newRow("another token, and shorter") << Tokens{1, 2, 3} << Tokens{1, 5} << 0.25;
    QTest::newRow("ends early") << Tokens{1, 2, 3} << Tokens{1, 2} << kInfinite;
    QTest::newRow("goes on") << Tokens{1, 2} << Tokens{1, 2, 3} << kInfinite;
    QTest::newRow("says nothing") << Tokens{1, 2} << Tokens{} << kInfinite;
    QTest::newRow("to nothing") << Tokens{} << Tokens{1, 2} << kInfinite;
}

void TestNearTies::theGapIsWhereTheyPart()
{
    QFETCH(std::vector<std::int32_t>, one);
    QFETCH(std::vector<std::int32_t>, other);
    QFETCH(double, gap);
    const auto byTokens = gapWhereTheyPart(answer(one, 0.25), other);
    QCOMPARE(byTokens.value_or(-1), gap);
    QVERIFY(gapWhereTheyPart(answer(one, 0.25), answer(other)) == byTokens);
    if (std::isinf(gap))
        QVERIFY(!isNearTie(byTokens, 1e9));
}

void TestNearTies::onlyACloseGapIsANearTie_data()
{
    QTest::addColumn<double>("gap");
    QTest::addColumn<double>("largest");
    QTest::addColumn<bool>("tie");
    QTest::newRow("always allowed") << 0.4 << 0.0 << true;
    QTest::newRow("more than that") << 0.5 << 0.0 << false;
    QTest::newRow("twice what is seen elsewhere") << 1.2 << 0.6 << true;
    QTest::newRow("more than twice") << 1.3 << 0.6 << false;
    const double infinite = std::numeric_limits<double>::infinity();
    QTest::newRow("ends early") << infinite << 0.6 << false;
    QTest::newRow("ends early, and nothing is alike") << infinite << infinite << false;
    QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << 0.6 << false;
}

void TestNearTies::onlyACloseGapIsANearTie()
{
    QFETCH(double, gap);
    QFETCH(double, largest);
    QFETCH(bool, tie);
    QCOMPARE(isNearTie(gap, largest), tie);
    QVERIFY(isNearTie(std::nullopt, largest));
}

void TestNearTies::differencesCountUpToWhereTheyPart()
{
    const auto one = answer({1, 2, 3});
    QCOMPARE(largestDifference(one, one), 0.0);
    auto other = one;
    other[1].chosen.logprob -= 0.5;
    other[2].chosen.logprob -= 2;
    QCOMPARE(largestDifference(one, other), 2.0);
    other[2].chosen.token = 7;
    QCOMPARE(largestDifference(one, other), 0.5);
    QCOMPARE(largestDifference(one, {}), 0.0);
}

QTEST_APPLESS_MAIN(TestNearTies)
#include "tst_near_ties.moc"
