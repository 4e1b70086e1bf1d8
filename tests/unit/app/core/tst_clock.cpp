// SPDX-License-Identifier: Apache-2.0
#include "app/core/clock.h"

#include <QTest>

using namespace tramontane;

class TestClock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rfc3339Text_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("epoch") << qint64(0) << "1970-01-01T00:00:00.000Z";
        QTest::newRow("milliseconds") << qint64(1795338843211) << "2026-11-22T09:14:03.211Z";
        QTest::newRow("leap day") << qint64(1709164800000) << "2024-02-29T00:00:00.000Z";
        QTest::newRow("before the epoch") << qint64(-1) << "1969-12-31T23:59:59.999Z";
        QTest::newRow("last second of a year") << qint64(1798761599999) << "2026-12-31T23:59:59.999Z";
    }

    void rfc3339Text()
    {
        QFETCH(qint64, ms);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(rfc3339(ms)), text);
    }

    void theSystemClockMoves()
    {
        const SystemClock clock;
        const auto before = clock.monoMs();
        QTest::qSleep(5);
        QVERIFY(clock.monoMs() > before);
        QVERIFY(clock.utcMs() > 1700000000000);
    }
};

QTEST_APPLESS_MAIN(TestClock)
#include "tst_clock.moc"
