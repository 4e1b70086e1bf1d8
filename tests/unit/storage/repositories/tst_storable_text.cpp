// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/storable_text.h"

#include <QTest>

using namespace tramontane;

class TestStorableText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void repairs_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("stored");
        const QByteArray bad("\xEF\xBF\xBD");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("plain") << QByteArray("abc\n\t\x01\x7f") << QByteArray("abc\n\t\x01\x7f");
        QTest::newRow("all lengths") << QByteArray("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\x8A")
                                     << QByteArray("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\x8A");
        QTest::newRow("last of all") << QByteArray("\xF4\x8F\xBF\xBF") << QByteArray("\xF4\x8F\xBF\xBF");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << "a" + bad + "b";
        QTest::newRow("lone continuation") << QByteArray("a\x80z") << "a" + bad + "z";
        QTest::newRow("cut off at the end") << QByteArray("a\xE2\x82") << "a" + bad;
        QTest::newRow("cut off in the middle") << QByteArray("\xF0\x9F\x8C!") << bad + "!";
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << bad + bad;
        QTest::newRow("overlong three") << QByteArray("\xE0\x80\x80") << bad + bad + bad;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << bad + bad + bad;
        QTest::newRow("too large") << QByteArray("\xF4\x90\x80\x80") << bad + bad + bad + bad;
        QTest::newRow("never a byte") << QByteArray("\xFF\xFE") << bad + bad;
        // The example of the Unicode Standard, table 3-8.
        QTest::newRow("table 3-8") << QByteArray("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64")
                                   << "a" + bad + bad + bad + "b" + bad + "c" + bad + bad + "d";
    }
    void repairs()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, stored);
        const std::string out = storableText(std::string_view(given.constData(), std::size_t(given.size())));
        QCOMPARE(QByteArray::fromStdString(out), stored);
        QCOMPARE(storableText(out), out);
    }

    void keepsMarksOutOfTheIndex()
    {
        QCOMPARE(indexableText("a\x02"
                               "b\x03"
                               "c"),
                 std::string("a b c"));
    }
};

QTEST_GUILESS_MAIN(TestStorableText)
#include "tst_storable_text.moc"
