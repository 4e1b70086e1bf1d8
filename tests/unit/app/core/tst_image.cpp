// SPDX-License-Identifier: Apache-2.0
#include "app/core/image.h"

#include "app/core/chat_turn.h"

#include <QTest>

#include <limits>

using namespace tramontane;

class TestImage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sizes_data();
    void sizes();
    void theNameIsOfSizeAndPixels();
    void imagesOfAConversation();
    void conversationsThatAreRefused_data();
    void conversationsThatAreRefused();
};

namespace {

ImageRef image(char name, int width = 8, int height = 4)
{
    return {width, height, std::string(64, name)};
}

ChatTurn turn(std::vector<ImageRef> images, Role role = Role::User)
{
    ChatTurn turn{role, "What is this?"};
    turn.images = std::move(images);
    return turn;
}

using Turns = std::vector<ChatTurn>;

} // namespace

void TestImage::sizes_data()
{
    QTest::addColumn<qint64>("width");
    QTest::addColumn<qint64>("height");
    QTest::addColumn<bool>("good");
    const auto row = [](qint64 width, qint64 height, bool good) {
        QTest::addRow("%lld x %lld", width, height) << width << height << good;
    };
    row(1, 1, true);
    row(8000, 8000, true);
    row(16384, 164, true);
    row(0, 0, false);
    row(0, 5, false);
    row(-1, 5, false);
    row(8001, 8000, false);
    row(16385, 200, false);
    row(101, 1, false);
    row(1, 101, false);
    row(65536, 65536, false); // times three: 2^33 bytes and a bit
    row(std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::max(), false);
    row(715827883, 2, false); // times three it is 2^32 + 2
}

void TestImage::sizes()
{
    QFETCH(qint64, width);
    QFETCH(qint64, height);
    QFETCH(bool, good);
    const Status checked = checkImageSize(width, height);
    QCOMPARE(checked.ok(), good);
    if (!good) {
        QCOMPARE(checked.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!checked.error().message.empty());
    }
}

void TestImage::theNameIsOfSizeAndPixels()
{
    const std::string rgb(24, 'x');
    const std::string name = imageHash(4, 2, rgb);
    QCOMPARE(name, std::string("8365b2e700e97bce622d7b162539dfea1818262a555f1476032d52f3a7a81854"));
    QVERIFY(imageHash(2, 4, rgb) != name);
    QVERIFY(imageHash(4, 2, std::string(24, 'y')) != name);
    QCOMPARE(imageBytes(image('a', 4, 2)), std::uint64_t{24});
    QCOMPARE(imageBytes(image('a', 8000, 8000)), std::uint64_t{192'000'000});
}

void TestImage::imagesOfAConversation()
{
    const Turns turns{turn({image('a'), image('b')}), {Role::Assistant, "A cat."}, turn({image('a'), image('c')})};
    QVERIFY(checkImages(turns).ok());
    QCOMPARE(distinctImages(turns), (std::vector<ImageRef>{image('a'), image('b'), image('c')}));
    QVERIFY(checkImages({{Role::User, "Hello"}}).ok());
    QVERIFY(distinctImages({{Role::User, "Hello"}}).empty());
}

void TestImage::conversationsThatAreRefused_data()
{
    QTest::addColumn<Turns>("turns");
    QTest::newRow("too many") << Turns{turn(std::vector<ImageRef>(kMostImages + 1, image('a')))};
    QTest::newRow("too many pixels") << Turns{turn({image('a', 8000, 8000)}), turn({image('b', 1, 1)})};
    QTest::newRow("no pixels") << Turns{turn({image('a', 0, 4)})};
    QTest::newRow("negative") << Turns{turn({image('a', -8, -4)})};
    QTest::newRow("no name") << Turns{turn({{8, 4, ""}})};
    QTest::newRow("a name that is no SHA-256") << Turns{turn({{8, 4, std::string(64, 'g')}})};
    QTest::newRow("one name, two sizes") << Turns{turn({image('a', 8, 4), image('a', 4, 8)})};
    QTest::newRow("with an answer") << Turns{turn({image('a')}, Role::Assistant)};
    QTest::newRow("with a system prompt") << Turns{turn({image('a')}, Role::System)};
}

void TestImage::conversationsThatAreRefused()
{
    QFETCH(Turns, turns);
    const Status checked = checkImages(turns);
    QVERIFY(!checked.ok());
    QCOMPARE(checked.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestImage)
#include "tst_image.moc"
