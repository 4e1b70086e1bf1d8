// SPDX-License-Identifier: Apache-2.0
#include "app/services/answer_provenance.h"
#include "app/services/energy_shares.h"
#include "app/services/model_usage.h"
#include "tests/support/fakes/movable_clock.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

namespace {

struct FakeProbe final : EnergyProbe {
    std::optional<std::int64_t> now = 1'000'000;
    std::string why;

    std::optional<std::int64_t> microjoules() override { return now; }
    [[nodiscard]] std::string source() const override { return "fake"; }
    [[nodiscard]] std::string problem() const override { return why; }
    void use(std::int64_t joules) { *now += joules * 1'000'000; }
};

QJsonObject parsed(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

} // namespace

class TestEnergyShares : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneAnswerGetsAll();
    void parallelAnswersShare();
    void nothingIsCountedTwice();
    void aGapIsNotMeasured();
    void aCounterThatGoesBackIsNotMeasured();
    void saysWhyNothingIsMeasured();
    void turnsEnergyIntoGas();
    void provenanceSaysEither();
    void usageEndsWithTheLastCopy();
    void usageOutlivesItsOwner();
};

void TestEnergyShares::oneAnswerGetsAll()
{
    FakeProbe probe;
    EnergyShares shares(&probe);
    probe.use(100); // before: nobody's
    const auto answer = shares.begin();
    probe.use(7);
    const EnergyUse use = shares.end(answer);
    QCOMPARE(use.milliJoule.value(), std::int64_t{7000});
    QCOMPARE(use.source, std::string("fake"));
    QVERIFY(use.notMeasured.empty());
}

void TestEnergyShares::parallelAnswersShare()
{
    FakeProbe probe;
    EnergyShares shares(&probe);
    const auto first = shares.begin();
    probe.use(10);
    const auto second = shares.begin();
    probe.use(20);
    const auto third = shares.begin();
    probe.use(30);
    QCOMPARE(shares.end(first).milliJoule.value(), std::int64_t{10'000 + 10'000 + 10'000});
    probe.use(8);
    QCOMPARE(shares.end(second).milliJoule.value(), std::int64_t{10'000 + 10'000 + 4000});
    probe.use(1);
    QCOMPARE(shares.end(third).milliJoule.value(), std::int64_t{10'000 + 4000 + 1000});
}

void TestEnergyShares::nothingIsCountedTwice()
{
    FakeProbe probe;
    EnergyShares shares(&probe);
    std::int64_t sum = 0;
    std::vector<EnergyShares::Id> running;
    for (int i = 0; i < 5; ++i) {
        running.push_back(shares.begin());
        probe.use(12);
    }
    for (const auto id : running) {
        sum += shares.end(id).milliJoule.value();
        probe.use(12);
    }
    QCOMPARE(sum, std::int64_t{(5 + 4) * 12'000});    // what is used after the last end is nobody's
    QVERIFY(!shares.end(running.front()).milliJoule); // ended already
}

void TestEnergyShares::aGapIsNotMeasured()
{
    FakeProbe probe;
    EnergyShares shares(&probe);
    const auto first = shares.begin();
    probe.now.reset();
    const auto second = shares.begin();
    probe.now = 5'000'000;
    const auto third = shares.begin();
    probe.use(1);
    QVERIFY(!shares.end(first).milliJoule);
    QVERIFY(!shares.end(second).milliJoule);
    const auto use = shares.end(third);
    QVERIFY(use.milliJoule.has_value());
}

void TestEnergyShares::aCounterThatGoesBackIsNotMeasured()
{
    FakeProbe probe;
    EnergyShares shares(&probe);
    const auto answer = shares.begin();
    probe.use(-1);
    const EnergyUse use = shares.end(answer);
    QVERIFY(!use.milliJoule);
    QCOMPARE(use.notMeasured, std::string("the energy counters stopped answering"));
}

void TestEnergyShares::saysWhyNothingIsMeasured()
{
    FakeProbe probe;
    probe.now.reset();
    probe.why = "this account may not";
    EnergyShares shares(&probe);
    QCOMPARE(shares.end(shares.begin()).notMeasured, std::string("this account may not"));
    EnergyShares none(nullptr);
    QVERIFY(!none.end(none.begin()).notMeasured.empty());
}

void TestEnergyShares::turnsEnergyIntoGas()
{
    EnergyUse use;
    QVERIFY(!co2Milligrams(use, 400));
    use.milliJoule = 3'600'000; // a watt-hour
    QVERIFY(!co2Milligrams(use, 0));
    QCOMPARE(co2Milligrams(use, 400).value(), 400.0);
}

void TestEnergyShares::provenanceSaysEither()
{
    const auto unknown = parsed(withEnergy(R"({"threads":2})", {{}, {}, "no counters"}, 400));
    QCOMPARE(unknown["threads"].toInt(), 2);
    QCOMPARE(unknown["energy_not_measured"].toString(), QStringLiteral("no counters"));
    QVERIFY(!unknown.contains(u"energy_source") && !unknown.contains(u"co2e_mg"));
    const auto known = parsed(withEnergy(R"({"threads":2})", {3'600'000, "RAPL", {}}, 50));
    QCOMPARE(known["energy_source"].toString(), QStringLiteral("RAPL"));
    QCOMPARE(known["co2e_mg"].toDouble(), 50.0);
    QVERIFY(!known.contains(u"energy_not_measured"));
}

void TestEnergyShares::usageEndsWithTheLastCopy()
{
    MovableClock clock;
    ModelUsage usage(clock);
    const ModelId model = ModelId::make(1);
    QVERIFY(usage.idleFor(0).empty());
    auto use = usage.begin(model);
    auto copy = use;
    clock.advance(1000);
    use.reset();
    QVERIFY(usage.idleFor(0).empty());
    copy.reset();
    clock.advance(500);
    QCOMPARE(usage.idleFor(500), std::vector<ModelId>{model});
    QVERIFY(usage.idleFor(501).empty());
    usage.touch(model);
    QVERIFY(usage.idleFor(1).empty());
    usage.forget(model);
    clock.advance(5000);
    QVERIFY(usage.idleFor(0).empty());
}

void TestEnergyShares::usageOutlivesItsOwner()
{
    MovableClock clock;
    ModelUsage::Use use;
    {
        ModelUsage usage(clock);
        use = usage.begin(ModelId::make(1));
    }
    use.reset(); // must not touch what is gone
    QVERIFY(!use);
}

QTEST_APPLESS_MAIN(TestEnergyShares)
#include "tst_energy_shares.moc"
