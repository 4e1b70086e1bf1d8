// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/gpu_reason.h"

#include <QTest>

using namespace tramontane::engine;

class TestGpuReason : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhy_data();
    void saysWhy();
    void saysNothingWhenAGpuIsUsed();
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
    QTest::newRow("no code for it") << true << none << 1 << true << true
                                    << "no code for RTX PRO 6000 (compute capability 12.0)";
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

QTEST_APPLESS_MAIN(TestGpuReason)
#include "tst_gpu_reason.moc"
