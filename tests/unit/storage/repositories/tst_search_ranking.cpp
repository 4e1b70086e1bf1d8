// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/search_ranking.h"

#include <QTest>

using namespace tramontane;

namespace {

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;

QList<int> order(const std::vector<SearchCandidate> &candidates, std::size_t offset = 0, std::size_t count = 100)
{
    QList<int> rows;
    for (const SearchCandidate &one : bestCandidates(candidates, offset, count))
        rows += int(one.seq);
    return rows;
}

} // namespace

class TestSearchRanking : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void putsTheMoreRelevantFirst()
    {
        QCOMPARE(order({{1, false, 1.0, 0}, {2, false, 3.0, 0}, {3, false, 2.0, 0}}), QList<int>({2, 3, 1}));
    }
    void prefersTheNewerOfEqualOnes()
    {
        QCOMPARE(order({{1, false, 1.0, 0}, {2, false, 1.0, 300 * kDay}}), QList<int>({2, 1}));
    }
    void takesAtMostHalfForAge()
    {
        QCOMPARE(order({{1, false, 2.01, 0}, {2, false, 1.0, 100'000 * kDay}}), QList<int>({1, 2}));
        QCOMPARE(order({{1, false, 1.99, 0}, {2, false, 1.0, 100'000 * kDay}}), QList<int>({2, 1}));
    }
    void takesAQuarterAfterNinetyDays()
    {
        QCOMPARE(order({{1, false, 1.34, 0}, {2, false, 1.0, 90 * kDay}}), QList<int>({1, 2}));
        QCOMPARE(order({{1, false, 1.33, 0}, {2, false, 1.0, 90 * kDay}}), QList<int>({2, 1}));
    }
    void weighsATitleTwice()
    {
        QCOMPARE(order({{1, false, 1.9, 0}, {2, true, 1.0, 0}}), QList<int>({2, 1}));
        QCOMPARE(order({{1, false, 2.1, 0}, {2, true, 1.0, 0}}), QList<int>({1, 2}));
    }
    void hasOneOrderForEqualOnes()
    {
        QCOMPARE(order({{1, false, 1, 5}, {2, false, 1, 5}, {3, false, 1, 5}}), QList<int>({3, 2, 1}));
        QCOMPARE(order({{1, true, 0, 5}, {2, false, 0, 5}, {3, true, 0, 6}}), QList<int>({3, 1, 2}));
    }
    void givesPages()
    {
        std::vector<SearchCandidate> all;
        for (int i = 1; i <= 10; ++i)
            all.push_back({i, false, double(i), 0});
        QCOMPARE(order(all, 0, 3), QList<int>({10, 9, 8}));
        QCOMPARE(order(all, 3, 3), QList<int>({7, 6, 5}));
        QCOMPARE(order(all, 9, 3), QList<int>({1}));
        QCOMPARE(order(all, 10, 3), QList<int>());
        QCOMPARE(order(all, 1000, 3), QList<int>());
        QCOMPARE(order({}, 0, 3), QList<int>());
    }
    void survivesStrangeTimes()
    {
        const auto least = std::numeric_limits<std::int64_t>::min();
        const auto most = std::numeric_limits<std::int64_t>::max();
        QCOMPARE(order({{1, false, 1, least}, {2, false, 1, most}, {3, false, 1, 0}}), QList<int>({2, 3, 1}));
    }
};

QTEST_APPLESS_MAIN(TestSearchRanking)
#include "tst_search_ranking.moc"
