// SPDX-License-Identifier: Apache-2.0
#include "app/core/digest.h"
#include "app/core/utf8.h"

#include <QTest>

using namespace tramontane;

class TestText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void utf8_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("valid");
        QTest::newRow("empty") << QByteArray() << true;
        QTest::newRow("ascii") << QByteArray("plain") << true;
        QTest::newRow("two bytes") << QByteArray("\xC3\xA4") << true;
        QTest::newRow("four bytes") << QByteArray("\xF0\x9F\x8C\xAC") << true;
        QTest::newRow("last code point") << QByteArray("\xF4\x8F\xBF\xBF") << true;
        QTest::newRow("cut off") << QByteArray("\xC3") << false;
        QTest::newRow("lone continuation") << QByteArray("\x80") << false;
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << false;
        QTest::newRow("overlong three bytes") << QByteArray("\xE0\x80\xAF") << false;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << false;
        QTest::newRow("above U+10FFFF") << QByteArray("\xF4\x90\x80\x80") << false;
        QTest::newRow("0xFF") << QByteArray("a\xFF") << false;
    }

    void utf8()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, valid);
        QCOMPARE(isUtf8(std::string_view(bytes.constData(), std::size_t(bytes.size()))), valid);
    }

    void sha256OfKnownTexts()
    {
        // FIPS 180-2, appendix B.1, and the empty text.
        QCOMPARE(toHex(sha256("abc")), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(toHex(sha256("")), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        Sha256 pieces;
        pieces.update("a");
        pieces.update("bc");
        QVERIFY(pieces.finish() == sha256("abc"));
    }

    void hexOfExactlyThirtyTwoBytes()
    {
        const std::string hex = toHex(sha256("abc"));
        QVERIFY(hash32FromHex(hex) == sha256("abc"));
        QVERIFY(!hash32FromHex(hex.substr(1)));
        QVERIFY(!hash32FromHex(hex + "0"));
        QVERIFY(!hash32FromHex(std::string(64, 'g')));
    }
};

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
