// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/device/gpu_reason.h"

#include <QTest>

using namespace tramontane::engine;

class TestGpuReason : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhy_data();
    void saysWhy();
    void saysNothingWhenAGpuIsUsed();
    void namesWhatTheModuleMisses_data();
    void namesWhatTheModuleMisses();
    void saysWhatTheDriverOfAModuleSays_data();
    void saysWhatTheDriverOfAModuleSays();
    void namesTheGpuWithoutCode();
    void knowsWhichCodeRuns_data();
    void knowsWhichCodeRuns();
};

void TestGpuReason::saysWhy_data()
{
    QTest::addColumn<bool>("library");
    QTest::addColumn<QString>("problem");
    QTest::addColumn<int>("gpus");
    QTest::addColumn<bool>("file");
    QTest::addColumn<bool>("loaded");
    QTest::addColumn<QString>("words");
    const QString none;
    QTest::newRow("nothing at all") << false << "no NVIDIA driver is installed" << 0 << false << false
                                    << "No NVIDIA driver is installed. There is no CUDA module";
    QTest::newRow("module without a driver")
        << false << "no NVIDIA driver is installed" << 0 << true << false << "No NVIDIA driver is installed.";
    QTest::newRow("driver that does not run") << true << "the NVIDIA driver is installed but not running" << 0 << true
                                              << true << "The NVIDIA driver is installed but not running.";
    QTest::newRow("driver without a device") << true << none << 0 << true << true << "finds no GPU";
    QTest::newRow("no module") << true << none << 1 << false << false
                               << "This computer has RTX PRO 6000, but there is no";
    QTest::newRow("module that does not open") << true << none << 1 << true << false << "cudart, cublas";
    QTest::newRow("module that finds none")
        << true << none << 1 << true << true << "although this computer has RTX PRO 6000 (compute capability 12.0)";
}

void TestGpuReason::saysWhy()
{
    QFETCH(bool, library);
    QFETCH(QString, problem);
    QFETCH(int, gpus);
    QFETCH(bool, file);
    QFETCH(bool, loaded);
    QFETCH(QString, words);
    GpuSituation situation{library, problem.toStdString(), gpus, "RTX PRO 6000", "12.0", file, loaded, false};
    const QString reason = QString::fromStdString(gpuReason(situation));
    QVERIFY2(reason.contains(words), qPrintable(reason));
    QVERIFY(reason.endsWith(QLatin1Char('.')));
}

void TestGpuReason::saysNothingWhenAGpuIsUsed()
{
    GpuSituation situation;
    situation.usable = true;
    QVERIFY(gpuReason(situation).empty());
}

void TestGpuReason::namesWhatTheModuleMisses_data()
{
    QTest::addColumn<bool>("library");
    QTest::addColumn<QString>("missing");
    QTest::addColumn<QString>("words");
    QTest::newRow("driver") << false << "libcuda.so.1"
                            << "No NVIDIA driver is installed: its library libcuda.so.1";
    QTest::newRow("cuBLAS, no driver") << false << "libcublas.so.13"
                                       << "libcublas.so.13 is missing";
    QTest::newRow("cuBLAS, driver") << true << "libcublas.so.13"
                                    << "libcublas.so.13 is missing";
}

void TestGpuReason::namesWhatTheModuleMisses()
{
    QFETCH(bool, library);
    QFETCH(QString, missing);
    QFETCH(QString, words);
    GpuSituation situation;
    situation.driverLibrary = library;
    situation.driverProblem = library ? "" : "no NVIDIA driver is installed";
    situation.gpus = library ? 1 : 0;
    situation.moduleFile = true;
    situation.missingLibrary = missing.toStdString();
    const QString reason = QString::fromStdString(gpuReason(situation));
    QVERIFY2(reason.contains(words), qPrintable(reason));
}

void TestGpuReason::saysWhatTheDriverOfAModuleSays_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("nvml");
    QTest::addColumn<QString>("words");
    QTest::newRow("stand-in") << 34 << false << "stand-in";
    QTest::newRow("no device") << 100 << false << "The NVIDIA driver finds no GPU.";
    QTest::newRow("no device, NVML answers") << 100 << true << "The NVIDIA driver finds no GPU.";
    QTest::newRow("restart") << 803 << false << "waits for a restart";
    QTest::newRow("another") << 999 << false << "CUDA error 999";
    QTest::newRow("none") << 0 << false << "No NVIDIA driver is installed.";
}

void TestGpuReason::saysWhatTheDriverOfAModuleSays()
{
    QFETCH(int, status);
    QFETCH(bool, nvml);
    QFETCH(QString, words);
    GpuSituation situation;
    situation.driverLibrary = nvml;
    situation.moduleFile = true;
    situation.moduleLoaded = true;
    situation.driverStatus = status;
    const QString reason = QString::fromStdString(gpuReason(situation));
    QVERIFY2(reason.contains(words), qPrintable(reason));
}

void TestGpuReason::namesTheGpuWithoutCode()
{
    GpuSituation situation{true, "", 2, "RTX PRO 6000", "12.0", true, true, false};
    situation.codeMissing = true;
    QCOMPARE(QString::fromStdString(gpuReason(situation)),
             QStringLiteral("The CUDA module of this installation holds no code for RTX PRO 6000 (compute capability "
                            "12.0)."));
}

void TestGpuReason::knowsWhichCodeRuns_data()
{
    QTest::addColumn<QString>("built");
    QTest::addColumn<QString>("here");
    QTest::addColumn<bool>("runs");
    QTest::newRow("the same") << "900"
                              << "9.0" << true;
    QTest::newRow("older kind") << "900"
                                << "8.9" << false;
    QTest::newRow("newer kind") << "890"
                                << "9.0" << false;
    QTest::newRow("smaller minor number") << "1000"
                                          << "10.3" << true;
    QTest::newRow("greater minor number") << "1030"
                                          << "10.0" << false;
    QTest::newRow("specific code, the same") << "1200"
                                             << "12.0" << true;
    QTest::newRow("specific code, a sister") << "1200"
                                             << "12.1" << false;
    QTest::newRow("one of several") << "890,900"
                                    << "9.0" << true;
    QTest::newRow("none of several") << "890,900"
                                     << "12.0" << false;
    QTest::newRow("module does not say") << ""
                                         << "12.0" << true;
    QTest::newRow("driver does not say") << "900"
                                         << "" << true;
    QTest::newRow("unreadable list") << "sm_90"
                                     << "12.0" << true;
    QTest::newRow("unreadable number") << "900"
                                       << "12.x" << true;
}

void TestGpuReason::knowsWhichCodeRuns()
{
    QFETCH(QString, built);
    QFETCH(QString, here);
    QFETCH(bool, runs);
    QCOMPARE(holdsCodeFor(built.toStdString(), here.toStdString()), runs);
}

QTEST_APPLESS_MAIN(TestGpuReason)
#include "tst_gpu_reason.moc"
