// SPDX-License-Identifier: Apache-2.0
// Images on their way: what the program that decodes them may say, and how their pixels reach a worker.
#include "inference/client/image_reader.h"
#include "inference/client/local_generation.h"
#include "inference/protocol/bulk.h"

#include <QTest>

using namespace tramontane;

class TestImagesSent : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pixelsOfAProgram();
    void programsThatLie_data();
    void programsThatLie();
    void piecesFollowTheCredit();
    void creditThatNobodyEarned();
    void imagesThatAreMissing();
};

namespace {

std::shared_ptr<const RawImage> image(int width, int height, char colour)
{
    RawImage image;
    image.rgb.assign(static_cast<std::size_t>(3 * width * height), colour);
    image.about = {width, height, imageHash(width, height, image.rgb)};
    return std::make_shared<const RawImage>(std::move(image));
}

protocol::Generate look(const std::vector<std::shared_ptr<const RawImage>> &images)
{
    protocol::Generate message;
    ChatTurn turn{Role::User, "?"};
    for (const auto &seen : images)
        turn.images.push_back(seen->about);
    message.turns = {turn};
    return message;
}

} // namespace

void TestImagesSent::pixelsOfAProgram()
{
    const auto read = readImageOutput(QByteArray("{\"width\":2,\"height\":1}\n") + QByteArray("RGB\n\0x", 6));
    QVERIFY2(read.ok(), read ? "" : read.error().detail.c_str());
    QCOMPARE((*read)->about.width, 2);
    QCOMPARE((*read)->about.height, 1);
    QCOMPARE((*read)->rgb, std::string("RGB\n\0x", 6));
    QCOMPARE((*read)->about.sha256, imageHash(2, 1, (*read)->rgb));
}

void TestImagesSent::programsThatLie_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no line") << QByteArray("{\"width\":2,\"height\":1}");
    QTest::newRow("no JSON") << QByteArray("hello\nRGBRGB");
    QTest::newRow("too few pixels") << QByteArray("{\"width\":2,\"height\":1}\nRGB");
    QTest::newRow("too many pixels") << QByteArray("{\"width\":1,\"height\":1}\nRGBRGB");
    QTest::newRow("no size") << QByteArray("{}\nRGB");
    QTest::newRow("0 x 0") << QByteArray("{\"width\":0,\"height\":0}\n");
    QTest::newRow("negative") << QByteArray("{\"width\":-1,\"height\":-1}\nRGB");
    QTest::newRow("half a pixel") << QByteArray("{\"width\":1.5,\"height\":1}\nRGB");
    QTest::newRow("overflow") << QByteArray("{\"width\":65536,\"height\":65536}\n");
    QTest::newRow("an error without a form") << QByteArray("{\"error\":7}\n");
}

void TestImagesSent::programsThatLie()
{
    QFETCH(QByteArray, output);
    const auto read = readImageOutput(output);
    QVERIFY(!read.ok());
    QVERIFY(!read.error().message.empty() || read.error().code != ErrorCode::InvalidArgument);
    const auto told = readImageOutput(R"({"error":{"code":"INVALID_ARGUMENT","message":"No image.","detail":"x"}})"
                                      "\n");
    QCOMPARE(told.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(told.error().message, std::string("No image."));
}

void TestImagesSent::piecesFollowTheCredit()
{
    const auto large = image(1000, 900, 'a'); // 2.7 MB
    const auto small = image(10, 10, 'b');
    LocalGeneration generation;
    // In another order than they are shown, and one twice.
    GenerateRequest request(&generation, look({large, small, large}), {small, large});
    QVERIFY(std::holds_alternative<protocol::Generate>(request.begin()));
    std::vector<protocol::Bulk> pieces;
    const WorkerRequest::Reply reply = [&](const protocol::Payload &payload) {
        pieces.push_back(std::get<protocol::Bulk>(payload));
    };
    request.begun(reply);
    QCOMPARE(pieces.size(), std::size_t(protocol::kBulkWindow / protocol::kMaxBulkBytes));
    protocol::BulkReceiver receiver(large->rgb.size() + small->rgb.size());
    std::string received;
    for (std::size_t next = 0; next < pieces.size(); ++next) {
        QVERIFY(receiver.accept(pieces[next]).ok());
        received += receiver.take();
        if (const auto credit = receiver.grant()) {
            const auto ended = request.receive(*credit, reply);
            QVERIFY(ended.ok() && !*ended);
        }
    }
    QVERIFY(receiver.complete());
    QVERIFY(received == large->rgb + small->rgb);
}

void TestImagesSent::creditThatNobodyEarned()
{
    const auto small = image(10, 10, 'b');
    LocalGeneration generation;
    GenerateRequest request(&generation, look({small}), {small});
    (void)request.begin();
    const WorkerRequest::Reply reply = [](const protocol::Payload &) {};
    request.begun(reply);
    QCOMPARE(request.receive(protocol::Credit{301}, reply).error().code, ErrorCode::EngineProtocol);
    QCOMPARE(request.receive(protocol::Credit{0}, reply).error().code, ErrorCode::EngineProtocol);
    QVERIFY(request.receive(protocol::Credit{300}, reply).ok());
    QCOMPARE(request.receive(protocol::Credit{1}, reply).error().code, ErrorCode::EngineProtocol);
}

void TestImagesSent::imagesThatAreMissing()
{
    const auto a = image(2, 2, 'a');
    const auto b = image(2, 2, 'b');
    QVERIFY(!missingImage(look({a, b}).turns, {b, a}));
    QVERIFY(!missingImage({{Role::User, "?"}}, {}));
    QVERIFY(missingImage(look({a, b}).turns, {a}) == b->about);
    RawImage cut = *a;
    cut.rgb.pop_back();
    QVERIFY(missingImage(look({a}).turns, {std::make_shared<const RawImage>(cut)}) == a->about);
}

QTEST_GUILESS_MAIN(TestImagesSent)
#include "tst_images_sent.moc"
