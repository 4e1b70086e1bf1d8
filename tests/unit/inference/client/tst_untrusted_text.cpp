// SPDX-License-Identifier: Apache-2.0
#include "inference/client/untrusted_text.h"

#include <QtTest>

using namespace tramontane;

class TestUntrustedText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void plainLine_data();
    void plainLine();
    void cutsBetweenCharacters();
    void errorsAreBounded();
};

void TestUntrustedText::plainLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("letters") << QByteArray("Grüße 日本 👋") << QByteArray("Grüße 日本 👋");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("line ends") << QByteArray("a\r\nb") << QByteArray("a  b");
    QTest::newRow("escape") << QByteArray("\x1B[2J") << QByteArray(" [2J");
    QTest::newRow("nul") << QByteArray("a\0b", 3) << QByteArray("a b");
    QTest::newRow("delete") << QByteArray("a\x7F") << QByteArray("a ");
    QTest::newRow("C1") << QByteArray("a\xC2\x9B"
                                      "1m")
                        << QByteArray("a 1m");
    QTest::newRow("no-break space stays") << QByteArray("a\xC2\xA0") << QByteArray("a\xC2\xA0");
    QTest::newRow("right-to-left override") << QByteArray("a\xE2\x80\xAE"
                                                          "b")
                                            << QByteArray("a b");
    QTest::newRow("isolate") << QByteArray("a\xE2\x81\xA6"
                                           "b")
                             << QByteArray("a b");
    QTest::newRow("zero width") << QByteArray("a\xE2\x80\x8B"
                                              "b")
                                << QByteArray("a b");
    QTest::newRow("line separator") << QByteArray("a\xE2\x80\xA8"
                                                  "b")
                                    << QByteArray("a b");
    QTest::newRow("dash stays") << QByteArray("a\xE2\x80\x93"
                                              "b")
                                << QByteArray("a\xE2\x80\x93"
                                              "b");
}

void TestUntrustedText::plainLine()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, line);
    QCOMPARE(QByteArray::fromStdString(tramontane::plainLine(text.toStdString())), line);
}

void TestUntrustedText::cutsBetweenCharacters()
{
    QCOMPARE(tramontane::plainLine("aéé", 4), std::string("aé"));
    QCOMPARE(tramontane::plainLine("aéé", 5), std::string("aéé"));
    QCOMPARE(tramontane::plainLine("👋", 3), std::string());
}

void TestUntrustedText::errorsAreBounded()
{
    const Error error = madePlain(Error{ErrorCode::ContextFull, std::string(100'000, 'm'), std::string(100'000, 'd')});
    QCOMPARE(error.code, ErrorCode::ContextFull);
    QCOMPARE(error.message.size(), std::size_t{500});
    QCOMPARE(error.detail.size(), std::size_t{2000});
}

QTEST_APPLESS_MAIN(TestUntrustedText)
#include "tst_untrusted_text.moc"
