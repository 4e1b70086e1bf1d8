// SPDX-License-Identifier: Apache-2.0
#include "app/core/id.h"

#include <QTest>

#include <set>

using namespace tramontane;

class TestId : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void layoutFollowsRfc9562()
    {
        // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22.00Z is 0x017F22E279B0.
        const std::string text = Uuid::make(0x017F22E279B0).text();
        QCOMPARE(text.substr(0, 13), std::string("017f22e2-79b0"));
        QCOMPARE(text[14], '7');
        QVERIFY(std::string("89ab").find(text[19]) != std::string::npos);
        QCOMPARE(text.size(), std::size_t(36));
    }

    void textComesBack()
    {
        for (int i = 0; i < 100; ++i) {
            const Uuid id = Uuid::make(i * 1000);
            const auto read = Uuid::fromText(id.text());
            QVERIFY(read);
            QVERIFY(*read == id);
        }
        QVERIFY(Uuid::fromText("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
    }

    void wrongTextIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << QString();
        QTest::newRow("short") << "017f22e2-79b0-7cc3-98c4-dc0c0c07398";
        QTest::newRow("long") << "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0";
        QTest::newRow("no dashes") << "017f22e279b07cc398c4dc0c0c07398f0000";
        QTest::newRow("dash elsewhere") << "017f22e-279b0-7cc3-98c4-dc0c0c07398f";
        QTest::newRow("not hex") << "017f22e2-79b0-7cc3-98c4-dc0c0c07398g";
    }

    void wrongTextIsRefused()
    {
        QFETCH(QString, text);
        QVERIFY(!Uuid::fromText(text.toStdString()));
    }

    void bytesMustBeSixteen()
    {
        QVERIFY(Uuid::fromBytes(std::string(16, 'x')));
        QVERIFY(!Uuid::fromBytes(std::string(15, 'x')));
        QVERIFY(!Uuid::fromBytes(std::string(17, 'x')));
    }

    void laterIdsSortLater()
    {
        QVERIFY(Uuid::make(1000) < Uuid::make(1001));
        QVERIFY(Uuid::make(0xFFFFFFFF) < Uuid::make(0x100000000));
    }

    void manyIdsOfOneMillisecondDiffer()
    {
        std::set<std::string> seen;
        for (int i = 0; i < 10000; ++i)
            QVERIFY(seen.insert(MessageId::make(42).text()).second);
    }

    void theDefaultIsNull()
    {
        QVERIFY(MessageId().isNull());
        QVERIFY(!MessageId::make(1).isNull());
    }
};

QTEST_APPLESS_MAIN(TestId)
#include "tst_id.moc"
