// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/image/image_decoder.h"

#include <QFile>
#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

class TestImageDecoder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pixelsOfAPng();
    void otherForms_data();
    void otherForms();
    void aPhotograph();
    void hostileFiles_data();
    void hostileFiles();
    void everyByteCanBeALie();
};

namespace {

std::string sample(const QString &name)
{
    QFile file(QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/images/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// mix.png was made with this formula.
std::string mixed()
{
    std::string rgb;
    for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 48; ++x) {
            for (const int colour : {x * 5, y * 7, x * y})
                rgb += static_cast<char>(colour % 256);
        }
    }
    return rgb;
}

/// A PNG that says it has another size. Its checksum is wrong, too; the decoder does not look at those.
std::string withSize(std::string png, std::uint32_t width, std::uint32_t height)
{
    for (int i = 0; i < 4; ++i) {
        png[static_cast<std::size_t>(16 + i)] = static_cast<char>(width >> (24 - 8 * i));
        png[static_cast<std::size_t>(20 + i)] = static_cast<char>(height >> (24 - 8 * i));
    }
    return png;
}

} // namespace

void TestImageDecoder::pixelsOfAPng()
{
    const auto image = decodeImage(sample(QStringLiteral("mix.png")));
    QVERIFY(image.ok());
    QCOMPARE(image->about.width, 48);
    QCOMPARE(image->about.height, 32);
    QVERIFY(image->rgb == mixed());
    QCOMPARE(image->about.sha256, imageHash(48, 32, mixed()));
}

void TestImageDecoder::otherForms_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("mostDifference"); // on average, to mix.png; -1: another image
    QTest::newRow("palette, one bit") << "check.png" << 64 << 64 << -1;
    QTest::newRow("transparent") << "alpha.png" << 48 << 32 << 0;
    QTest::newRow("grey, 16 bits") << "grey16.png" << 48 << 32 << -1;
    QTest::newRow("JPEG") << "mix.jpg" << 48 << 32 << 40;
    QTest::newRow("progressive JPEG") << "progressive.jpg" << 48 << 32 << 50;
}

void TestImageDecoder::otherForms()
{
    QFETCH(QString, name);
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, mostDifference);
    const auto image = decodeImage(sample(name));
    QVERIFY(image.ok());
    QCOMPARE(image->about.width, width);
    QCOMPARE(image->about.height, height);
    QCOMPARE(image->rgb.size(), static_cast<std::size_t>(3 * width * height));
    if (mostDifference < 0)
        return;
    const std::string expected = mixed();
    long difference = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        difference += std::abs(static_cast<unsigned char>(expected[i]) - static_cast<unsigned char>(image->rgb[i]));
    QVERIFY2(difference <= mostDifference * static_cast<long>(expected.size()),
             qPrintable(QString::number(difference)));
}

void TestImageDecoder::aPhotograph()
{
    QFile file(QStringLiteral(LLAMA_SOURCE_DIR "/tools/mtmd/test-1.jpeg"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto image = decodeImage(file.readAll().toStdString());
    QVERIFY(image.ok());
    QVERIFY(image->about.width > 300 && image->about.height > 300);
}

void TestImageDecoder::hostileFiles_data()
{
    QTest::addColumn<QByteArray>("file");
    const auto row = [](const char *name, const std::string &file) {
        QTest::newRow(name) << QByteArray::fromStdString(file);
    };
    const std::string png = sample(QStringLiteral("mix.png"));
    const std::string jpeg = sample(QStringLiteral("mix.jpg"));
    row("nothing", {});
    row("text", "What is this?");
    row("GIF", sample(QStringLiteral("mix.gif")));
    row("only the beginning of a PNG", png.substr(0, 40));
    row("half a PNG", png.substr(0, png.size() / 2));
    row("only the beginning of a JPEG", jpeg.substr(0, 30));
    row("no width", withSize(png, 0, 32));
    row("no height", withSize(png, 48, 0));
    row("4096 million pixels", withSize(png, 65536, 65536));
    row("more than an int", withSize(png, 0xFFFFFFFF, 0xFFFFFFFF));
    row("width times height times three overflows", withSize(png, 37838, 37838));
    row("64 million and one", withSize(png, 8001, 8000));
    row("narrow", withSize(png, 16000, 2));
    row("larger than its pixels", withSize(png, 1000, 1000));
    row("bits that no PNG has", std::string(png).replace(24, 1, "\x21"));
    row("colours that no PNG has", std::string(png).replace(25, 1, "\x07"));
    row("a piece longer than the file", std::string(png).replace(33, 4, "\x7F\xFF\xFF\xFF"));
    row("too large a file", png + std::string(static_cast<std::size_t>(kMostImageFileBytes), '\0'));
}

void TestImageDecoder::hostileFiles()
{
    QFETCH(QByteArray, file);
    const auto image = decodeImage(file.toStdString());
    QVERIFY(!image.ok());
    QCOMPARE(image.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!image.error().message.empty());
}

/// Whatever it says, what it gives has the size that it says.
void TestImageDecoder::everyByteCanBeALie()
{
    for (const char *name : {"check.png", "mix.jpg", "progressive.jpg"}) {
        const std::string good = sample(QString::fromLatin1(name));
        QVERIFY(!good.empty());
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (const char value : {'\0', '\x7F', '\xFF'}) {
                std::string bad = good;
                bad[at] = value;
                const auto image = decodeImage(bad);
                QVERIFY(!image || image->rgb.size() == imageBytes(image->about));
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestImageDecoder)
#include "tst_image_decoder.moc"
