// SPDX-License-Identifier: Apache-2.0
// How the cost of a passphrase is found, on machines that the test invents.
#include "storage/keys/passphrase_cost.h"

#include <QTest>

#include <ctime>

using namespace tramontane;
using namespace tramontane::vault;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

namespace {

/// A machine that fills `gibPerSecond` of memory in a second and can give `mostMiB` of it.
struct Machine {
    double gibPerSecond = 1;
    int mostMiB = 1 << 20;
    int measured = 0;
    int slowdown = 1; // of the first measurement, when something else was going on

    nanoseconds timeOf(const KdfParameters &cost) const
    {
        return nanoseconds(std::int64_t(1e9 * cost.memoryMiB * cost.passes / 1024 / gibPerSecond));
    }
    Result<KdfParameters> tune()
    {
        return tunedCost([this](const KdfParameters &cost) -> Result<nanoseconds> {
            ++measured;
            if (cost.memoryMiB > mostMiB)
                return Error{ErrorCode::Internal, "no memory", {}};
            return timeOf(cost) * (measured == 1 ? slowdown : 1);
        });
    }
};

bool inBounds(const KdfParameters &cost)
{
    return cost.memoryMiB >= KdfParameters::kMinMemoryMiB && cost.memoryMiB <= KdfParameters::kMaxMemoryMiB
           && cost.passes >= KdfParameters::kMinPasses && cost.passes <= KdfParameters::kMaxPasses;
}

} // namespace

class TestPassphraseCost : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }

    void findsTheCost_data()
    {
        QTest::addColumn<double>("speed");
        QTest::addColumn<int>("memory");
        QTest::addColumn<int>("passes");
        // 0.75 s of work, or what the bounds allow.
        QTest::newRow("far too slow") << 0.01 << 64 << 3;
        QTest::newRow("just too slow") << 0.18 << 64 << 3;
        QTest::newRow("slow laptop") << 0.5 << 128 << 3;
        QTest::newRow("laptop") << 1.5 << 384 << 3;
        QTest::newRow("workstation") << 4.0 << 1024 << 3;
        QTest::newRow("all the memory, more passes") << 8.0 << 1024 << 6;
        QTest::newRow("faster than the bounds") << 1000.0 << 1024 << 10;
        QTest::newRow("absurdly fast") << 1e12 << 1024 << 10;
    }
    void findsTheCost()
    {
        QFETCH(double, speed);
        QFETCH(int, memory);
        QFETCH(int, passes);
        Machine machine{.gibPerSecond = speed};
        const auto cost = machine.tune();
        QVERIFY(cost);
        QCOMPARE(cost->memoryMiB, memory);
        QCOMPARE(cost->passes, passes);
        QVERIFY(machine.measured <= 6);
    }

    /// Whatever the machine: within the bounds, and between half a second and one wherever the bounds allow it.
    void staysInTheBounds()
    {
        for (double speed = 0.05; speed < 100; speed *= 1.1) {
            Machine machine{.gibPerSecond = speed};
            const auto cost = machine.tune();
            QVERIFY(cost && inBounds(*cost));
            const nanoseconds took = machine.timeOf(*cost);
            const bool least =
                cost->memoryMiB == KdfParameters::kMinMemoryMiB && cost->passes == KdfParameters::kMinPasses;
            const bool most =
                cost->memoryMiB == KdfParameters::kMaxMemoryMiB && cost->passes == KdfParameters::kMaxPasses;
            QVERIFY2(took <= kLongestDerivation || least, qPrintable(QString::number(speed)));
            QVERIFY2(took >= kShortestDerivation || most, qPrintable(QString::number(speed)));
        }
    }

    void oneBusyMomentDoesNotDecide()
    {
        Machine machine{.gibPerSecond = 1.5, .slowdown = 4};
        const auto cost = machine.tune();
        QVERIFY(cost);
        QVERIFY(machine.timeOf(*cost) >= kShortestDerivation);
    }

    void takesLessMemoryWhereThereIsLess()
    {
        Machine machine{.gibPerSecond = 4, .mostMiB = 300};
        const auto cost = machine.tune();
        QVERIFY(cost && inBounds(*cost));
        QVERIFY(cost->memoryMiB <= 300);
        QVERIFY(cost->passes > KdfParameters::kMinPasses); // the work that memory cannot do
        QVERIFY(machine.measured <= 6);
    }

    void saysWhenNotEvenTheLeastCanBeHad()
    {
        Machine machine{.mostMiB = 63};
        QCOMPARE(machine.tune().error().code, ErrorCode::Internal);
        QCOMPARE(machine.measured, 1);
    }

    /// K8: the real thing gives what can be derived, never below 64 MiB and three passes.
    void thisMachine()
    {
        const auto cost = tunedCostOfThisMachine();
        QVERIFY(cost && inBounds(*cost));
        const auto begun = std::chrono::steady_clock::now();
        const std::clock_t worked = std::clock();
        QVERIFY(passphraseKey(SecretBytes::copyOf("correct horse"), withNewSalt(*cost)));
        const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
        qInfo("%d MiB, %d passes: %lld ms, of the processor %.0f ms", cost->memoryMiB, cost->passes,
              static_cast<long long>(took.count()), double(std::clock() - worked) * 1000 / CLOCKS_PER_SEC);
    }
};

QTEST_GUILESS_MAIN(TestPassphraseCost)
#include "tst_passphrase_cost.moc"
