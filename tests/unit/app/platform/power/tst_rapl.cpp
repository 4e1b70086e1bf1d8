// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/rapl.h"
#include "app/platform/power/system_energy.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tramontane::power;

class TestRapl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void addsUpPackages();
    void makesUpForACounterThatBeginsAgain();
    void saysWhyItCannot();
    void aCounterThatGoesAwayIsNoZero();
    void aGpuMustBeMeasuredToo();

private:
    void set(const char *zone, quint64 energy, quint64 range = 1'000'000);
    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRapl::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qunsetenv("FAKE_NVML");
}

void TestRapl::set(const char *zone, quint64 energy, quint64 range)
{
    const QString path = m_folder->filePath(QLatin1String(zone));
    QDir().mkpath(path);
    for (const auto &[name, value] : {std::pair{"energy_uj", energy}, {"max_energy_range_uj", range}}) {
        QFile file(path + QLatin1Char('/') + QLatin1String(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(QByteArray::number(value) + "\n") > 0);
    }
}

void TestRapl::addsUpPackages()
{
    set("intel-rapl:0", 1000);
    set("intel-rapl:1", 5000);
    set("intel-rapl:0:0", 77); // a part of the first
    set("intel-rapl-mmio:0", 99);
    Rapl rapl(folder());
    QVERIFY2(rapl.problem().empty(), rapl.problem().c_str());
    QCOMPARE(rapl.microjoules().value(), std::int64_t{0});
    set("intel-rapl:0", 1500);
    set("intel-rapl:1", 5020);
    set("intel-rapl:0:0", 500);
    QCOMPARE(rapl.microjoules().value(), std::int64_t{520});
    QCOMPARE(rapl.microjoules().value(), std::int64_t{520});
}

void TestRapl::makesUpForACounterThatBeginsAgain()
{
    set("intel-rapl:0", 999'000);
    Rapl rapl(folder());
    set("intel-rapl:0", 500);
    QCOMPARE(rapl.microjoules().value(), std::int64_t{1500});
    set("intel-rapl:0", 700);
    QCOMPARE(rapl.microjoules().value(), std::int64_t{1700});
}

void TestRapl::saysWhyItCannot()
{
    Rapl none(folder());
    QVERIFY(!none.microjoules());
    QVERIFY(QString::fromStdString(none.problem()).contains(QStringLiteral("shows no energy counters")));
    Rapl nowhere("/nonexistent");
    QVERIFY(!nowhere.microjoules());
    QVERIFY(!nowhere.problem().empty());
    set("intel-rapl:0", 1000);
    QVERIFY(QFile::remove(m_folder->filePath(QStringLiteral("intel-rapl:0/energy_uj"))));
    set("intel-rapl:1", 1000); // half of the machine would be taken for the whole
    Rapl forbidden(folder());
    QVERIFY(!forbidden.microjoules());
    QVERIFY(QString::fromStdString(forbidden.problem()).contains(QStringLiteral("may not read")));
}

void TestRapl::aCounterThatGoesAwayIsNoZero()
{
    set("intel-rapl:0", 1000);
    Rapl rapl(folder());
    QVERIFY(QFile::remove(m_folder->filePath(QStringLiteral("intel-rapl:0/energy_uj"))));
    QVERIFY(!rapl.microjoules());
}

void TestRapl::aGpuMustBeMeasuredToo()
{
    set("intel-rapl:0", 1000);
    SystemEnergy processor({}, folder());
    QTRY_VERIFY(processor.problem().empty());
    QCOMPARE(processor.source(), std::string("RAPL"));
    QCOMPARE(processor.microjoules().value(), std::int64_t{0});
    SystemEnergy both({TRAMONTANE_FAKE_NVML}, folder());
    QTRY_VERIFY(both.problem().empty());
    QCOMPARE(both.source(), std::string("RAPL and NVML"));
    const auto first = both.microjoules();
    set("intel-rapl:0", 1100);
    const auto second = both.microjoules();
    QCOMPARE(*second - *first, std::int64_t{100 + 2'000'000});
    qputenv("FAKE_NVML", "no-energy");
    QVERIFY(!both.microjoules());
    QVERIFY(!both.problem().empty());
}

QTEST_APPLESS_MAIN(TestRapl)
#include "tst_rapl.moc"
