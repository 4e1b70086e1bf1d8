// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/adapter_turns.h"

#include <QTest>

#include <array>
#include <map>

using namespace tramontane::engine;

namespace {

const AdapterSet kNone;
const AdapterSet kHalf{{0, 0.5F}};
const AdapterSet kWhole{{0, 1}};
const AdapterSet kBoth{{0, 1}, {1, 1}};

} // namespace

class TestAdapterTurns : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneSetKeepsTheTurn();
    void eachSetComesEquallyOften();
    void whoeverIsGoneIsPassedOver();
    void newcomersDoNotPushIn();
};

void TestAdapterTurns::oneSetKeepsTheTurn()
{
    AdapterTurns turns;
    for (int i = 0; i < 100; ++i)
        QVERIFY(turns.next({&kHalf, &kHalf}) == kHalf);
}

void TestAdapterTurns::eachSetComesEquallyOften()
{
    AdapterTurns turns;
    std::array<int, 4> steps{};
    const std::array sets{&kNone, &kHalf, &kWhole, &kBoth};
    int changes = 0;
    AdapterSet last;
    for (int i = 0; i < 40 * AdapterTurns::kSteps; ++i) {
        // The order in which they are named means nothing.
        const AdapterSet now = i % 2 == 0 ? turns.next({&kNone, &kHalf, &kWhole, &kBoth, &kHalf})
                                          : turns.next({&kBoth, &kWhole, &kHalf, &kNone});
        for (std::size_t k = 0; k < sets.size(); ++k)
            steps[k] += *sets[k] == now ? 1 : 0;
        changes += now == last ? 0 : 1;
        last = now;
    }
    QCOMPARE(steps, (std::array{10 * AdapterTurns::kSteps, 10 * AdapterTurns::kSteps, 10 * AdapterTurns::kSteps,
                                10 * AdapterTurns::kSteps}));
    QCOMPARE(changes, 39); // the first one was kNone, as `last` at the beginning
}

void TestAdapterTurns::whoeverIsGoneIsPassedOver()
{
    AdapterTurns turns;
    QVERIFY(turns.next({&kNone, &kHalf}) == kNone);
    QVERIFY(turns.next({&kHalf}) == kHalf);
    for (int i = 1; i < AdapterTurns::kSteps; ++i) // a whole turn of its own, whatever the one before had left
        QVERIFY(turns.next({&kHalf, &kWhole}) == kHalf);
    QVERIFY(turns.next({&kHalf, &kWhole}) == kWhole);
}

// Many short questions, each with a set of its own, must not keep the others from their turn.
void TestAdapterTurns::newcomersDoNotPushIn()
{
    AdapterTurns turns;
    std::map<bool, int> waited;
    float scale = 2;
    for (int i = 0; i < 20 * AdapterTurns::kSteps; ++i) {
        const AdapterSet fresh{{1, scale += 1}};
        ++waited[turns.next({&fresh, &kNone}) == kNone];
    }
    QVERIFY(waited[true] >= waited[false]);
}

QTEST_APPLESS_MAIN(TestAdapterTurns)
#include "tst_adapter_turns.moc"
