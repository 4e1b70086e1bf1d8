// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/nvml.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tramontane::power;

class TestNvml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("FAKE_NVML"); }
    void reportsWhatTheDriverSays();
    void sumsTheEnergyOfAllGpus();
    void saysWhyThereIsNothing_data();
    void saysWhyThereIsNothing();
    void leavesOutWhatAGpuDoesNotSay();
    void doesNotTrustWhatItReads();
    void pathsAreAbsolute();
};

void TestNvml::reportsWhatTheDriverSays()
{
    const Nvml nvml({"/nonexistent/libnvidia-ml.so.1", TRAMONTANE_FAKE_NVML});
    QVERIFY2(nvml.problem().empty(), nvml.problem().c_str());
    QVERIFY(nvml.hasLibrary());
    QCOMPARE(nvml.driverVersion(), std::string("580.65.06"));
    const auto gpus = nvml.gpus();
    QCOMPARE(gpus.size(), std::size_t{2});
    QCOMPARE(gpus[1].name, std::string("NVIDIA RTX PRO 6000 Blackwell 2"));
    QCOMPARE(gpus[0].capability, std::string("12.0"));
    QCOMPARE(gpus[0].totalBytes, std::int64_t{100} << 30);
    QCOMPARE(gpus[0].freeBytes, std::int64_t{90} << 30);
    QCOMPARE(gpus[0].temperature.value(), 51);
    QCOMPARE(gpus[0].powerMilliwatt.value(), std::int64_t{123456});
    QVERIFY(gpus[0].energyMillijoule.value() > 1000);
}

void TestNvml::sumsTheEnergyOfAllGpus()
{
    const Nvml nvml({TRAMONTANE_FAKE_NVML});
    const auto before = nvml.energyMillijoule();
    const auto after = nvml.energyMillijoule();
    QVERIFY(before && after);
    QCOMPARE(*after - *before, std::int64_t{2000}); // four readings of the counter, 500 apart, in sums of two
    qputenv("FAKE_NVML", "no-energy");
    QVERIFY(!nvml.energyMillijoule());
    qputenv("FAKE_NVML", "none");
    QVERIFY(!nvml.energyMillijoule());
}

void TestNvml::saysWhyThereIsNothing_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("problem");
    QTest::addColumn<bool>("library");
    QTest::newRow("no driver") << "/nonexistent/libnvidia-ml.so.1"
                               << ""
                               << "no NVIDIA driver is installed" << false;
    QTest::newRow("no absolute path") << "fake_nvml.so"
                                      << ""
                                      << "no NVIDIA driver is installed" << false;
    QTest::newRow("no library") << TRAMONTANE_SOURCE_DIR "/README.md"
                                << ""
                                << "cannot be opened" << true;
    QTest::newRow("old driver") << TRAMONTANE_HALF_NVML << ""
                                << "too old to be asked" << true;
    QTest::newRow("not loaded") << TRAMONTANE_FAKE_NVML << "not-loaded"
                                << "installed but not running" << true;
    QTest::newRow("updated") << TRAMONTANE_FAKE_NVML << "mismatch"
                             << "waits for a restart" << true;
    QTest::newRow("forbidden") << TRAMONTANE_FAKE_NVML << "forbidden"
                               << "may not use" << true;
    QTest::newRow("anything else") << TRAMONTANE_FAKE_NVML << "odd"
                                   << "NVML error 999" << true;
}

void TestNvml::saysWhyThereIsNothing()
{
    QFETCH(QString, path);
    QFETCH(QString, how);
    QFETCH(QString, problem);
    QFETCH(bool, library);
    qputenv("FAKE_NVML", how.toUtf8());
    const Nvml nvml({path.toStdString()});
    QVERIFY2(QString::fromStdString(nvml.problem()).contains(problem), nvml.problem().c_str());
    QCOMPARE(nvml.hasLibrary(), library);
    QVERIFY(nvml.gpus().empty());
    QVERIFY(!nvml.energyMillijoule());
    QVERIFY(nvml.driverVersion().empty());
}

void TestNvml::leavesOutWhatAGpuDoesNotSay()
{
    qputenv("FAKE_NVML", "no-power");
    const Nvml nvml({TRAMONTANE_FAKE_NVML});
    QVERIFY(!nvml.gpus()[0].powerMilliwatt);
    QVERIFY(nvml.gpus()[0].temperature);
    qputenv("FAKE_NVML", "lost");
    QCOMPARE(nvml.gpus().size(), std::size_t{1});
}

void TestNvml::doesNotTrustWhatItReads()
{
    const Nvml nvml({TRAMONTANE_FAKE_NVML});
    qputenv("FAKE_NVML", "no-end");
    QCOMPARE(nvml.gpus()[0].name, std::string(96, 'x'));
    qputenv("FAKE_NVML", "terminal");
    QCOMPARE(nvml.gpus()[0].name, std::string("GPU [31m1"));
    qputenv("FAKE_NVML", "many");
    QCOMPARE(nvml.gpus().size(), std::size_t{64});
}

void TestNvml::pathsAreAbsolute()
{
    QVERIFY(!Nvml::usualPaths().empty());
    for (const std::string &path : Nvml::usualPaths())
        QVERIFY(path.front() == '/');
}

QTEST_APPLESS_MAIN(TestNvml)
#include "tst_nvml.moc"
