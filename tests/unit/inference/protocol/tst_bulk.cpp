// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/bulk.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::protocol;

namespace {

std::string pattern(std::size_t size)
{
    std::string data(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        data[i] = static_cast<char>(i * 31 + i / 251);
    return data;
}

} // namespace

class TestBulk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dataArrivesWhole_data();
    void dataArrivesWhole();
    void aSenderStopsWithoutCredit();
    void refusesCreditThatWasNotEarned();
    void refusesBadPieces_data();
    void refusesBadPieces();
};

void TestBulk::dataArrivesWhole_data()
{
    QTest::addColumn<int>("size");
    for (int size : {0, 1, int(kMaxBulkBytes), int(kMaxBulkBytes) + 1, int(kBulkWindow), 5'000'001})
        QTest::addRow("%d bytes", size) << size;
}

void TestBulk::dataArrivesWhole()
{
    QFETCH(int, size);
    const std::string data = pattern(static_cast<std::size_t>(size));
    BulkSender sender(data);
    BulkReceiver receiver(data.size());
    std::string arrived;
    while (!receiver.complete()) {
        bool moved = false;
        while (auto bulk = sender.next()) {
            moved = true;
            QVERIFY(sender.inFlight() <= kBulkWindow);
            QVERIFY(receiver.accept(std::move(*bulk)).ok());
        }
        arrived += receiver.take();
        if (const auto credit = receiver.grant())
            QVERIFY(sender.addCredit(*credit).ok());
        QVERIFY(moved);
    }
    QVERIFY(sender.finished());
    QVERIFY(!sender.next());
    QCOMPARE(sender.inFlight(), 0U);
    QVERIFY(arrived == data);
}

void TestBulk::aSenderStopsWithoutCredit()
{
    BulkSender sender(pattern(3 * kBulkWindow));
    BulkReceiver receiver(3 * kBulkWindow);
    int pieces = 0;
    while (auto bulk = sender.next()) {
        ++pieces;
        QVERIFY(receiver.accept(std::move(*bulk)).ok());
    }
    QCOMPARE(pieces, int(kBulkWindow / kMaxBulkBytes));
    QVERIFY(!sender.finished());
    QVERIFY(!receiver.grant()); // nothing was taken yet
    QCOMPARE(receiver.take().size(), std::size_t{kBulkWindow});
    const auto credit = receiver.grant();
    QCOMPARE(credit->bytes, kBulkWindow);
    QVERIFY(!receiver.grant());
    QVERIFY(sender.addCredit(*credit).ok());
    QVERIFY(sender.next().has_value());
}

void TestBulk::refusesCreditThatWasNotEarned()
{
    BulkSender sender(pattern(kMaxBulkBytes * 2));
    QCOMPARE(sender.addCredit({1}).error().code, ErrorCode::EngineProtocol);
    QVERIFY(sender.next().has_value());
    QVERIFY(sender.addCredit({kMaxBulkBytes}).ok());
    QCOMPARE(sender.addCredit({1}).error().code, ErrorCode::EngineProtocol);
}

void TestBulk::refusesBadPieces_data()
{
    QTest::addColumn<int>("firstSize");
    QTest::addColumn<bool>("firstLast");
    QTest::addColumn<int>("secondSeq");
    QTest::addColumn<int>("secondSize");
    QTest::newRow("seq repeated") << 10 << false << 0 << 10;
    QTest::newRow("seq left out") << 10 << false << 2 << 10;
    QTest::newRow("after the last") << 10 << true << 1 << 10;
    QTest::newRow("too long") << 10 << false << 1 << int(kMaxBulkBytes) + 1;
    QTest::newRow("beyond the limit") << 100'000 << false << 1 << 100'001;
}

void TestBulk::refusesBadPieces()
{
    QFETCH(int, firstSize);
    QFETCH(bool, firstLast);
    QFETCH(int, secondSeq);
    QFETCH(int, secondSize);
    BulkReceiver receiver(200'000);
    QVERIFY(receiver.accept({0, firstLast, pattern(static_cast<std::size_t>(firstSize))}).ok());
    const auto status =
        receiver.accept({static_cast<std::uint64_t>(secondSeq), true, pattern(static_cast<std::size_t>(secondSize))});
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::EngineProtocol);
}

QTEST_APPLESS_MAIN(TestBulk)
#include "tst_bulk.moc"
