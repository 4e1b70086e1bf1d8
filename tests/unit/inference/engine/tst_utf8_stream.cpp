// SPDX-License-Identifier: Apache-2.0
#include "app/core/utf8.h"
#include "inference/engine/answer/utf8_stream.h"

#include <QTest>

#include <random>

using namespace tramontane;
using engine::Utf8Stream;

class TestUtf8Stream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textComesBackWhole_data();
    void textComesBackWhole();
    void nothingWaitsLongerThanItMust();
    void brokenBytesBecomeReplacements_data();
    void brokenBytesBecomeReplacements();
    void anyBytesGiveUtf8();
};

void TestUtf8Stream::textComesBackWhole_data()
{
    QTest::addColumn<int>("piece");
    for (int piece = 1; piece < 8; ++piece)
        QTest::addRow("pieces of %d", piece) << piece;
}

void TestUtf8Stream::textComesBackWhole()
{
    QFETCH(int, piece);
    const std::string text = "aä€🙂 Grüße 你好 \xF4\x8F\xBF\xBF \xED\x9F\xBF 👩‍👩‍👧";
    Utf8Stream stream;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += std::size_t(piece)) {
        const std::string now = stream.push(std::string_view(text).substr(at, std::size_t(piece)));
        QVERIFY(isUtf8(now));
        out += now;
    }
    QCOMPARE(out + stream.finish(), text);
}

void TestUtf8Stream::nothingWaitsLongerThanItMust()
{
    Utf8Stream stream;
    QCOMPARE(stream.push("a\xF0\x9F"), std::string("a"));
    QCOMPARE(stream.push("\x99"), std::string());
    QCOMPARE(stream.push("\x82z"), std::string("🙂z"));
    QCOMPARE(stream.finish(), std::string());
    QCOMPARE(stream.push("\xE2\x82"), std::string());
    QCOMPARE(stream.finish(), std::string("\uFFFD"));
    QCOMPARE(stream.finish(), std::string());
}

void TestUtf8Stream::brokenBytesBecomeReplacements_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("continuation alone") << QByteArray("a\x80z") << QStringLiteral("a\uFFFDz");
    QTest::newRow("overlong") << QByteArray("\xC0\xAFz") << QStringLiteral("\uFFFD\uFFFDz");
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QStringLiteral("\uFFFD\uFFFD\uFFFD");
    QTest::newRow("above the last") << QByteArray("\xF4\x90z") << QStringLiteral("\uFFFD\uFFFDz");
    QTest::newRow("cut by another") << QByteArray("\xE2\x82z") << QStringLiteral("\uFFFDz");
}

void TestUtf8Stream::brokenBytesBecomeReplacements()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    Utf8Stream stream;
    std::string out;
    for (const char byte : bytes)
        out += stream.push({&byte, 1});
    QCOMPARE(QString::fromStdString(out + stream.finish()), text);
}

void TestUtf8Stream::anyBytesGiveUtf8()
{
    std::mt19937 random(3);
    for (int round = 0; round < 2000; ++round) {
        Utf8Stream stream;
        std::string out;
        for (int i = 0; i < 40; ++i) {
            const auto byte = static_cast<char>(random());
            out += stream.push({&byte, 1});
        }
        QVERIFY(isUtf8(out + stream.finish()));
    }
}

QTEST_APPLESS_MAIN(TestUtf8Stream)
#include "tst_utf8_stream.moc"
