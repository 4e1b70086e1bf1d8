// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/uploads.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;

class TestUploads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void collectsThePieces();
    void refuses();
    void piecesThatBreakTheRules();
    void isBounded();
    void collectsPixels();
    void imagesThatAreRefused();
    void imagesAreBounded();
};

namespace {

RestoreState upload(std::uint64_t bytes, const std::string &key = "key")
{
    return {key, {{1, 2, 3}, bytes}};
}

Generate look(int width, int height, char name = 'a')
{
    Generate request;
    ChatTurn turn{Role::User, "What is this?"};
    turn.images = {{width, height, std::string(64, name)}};
    request.turns = {turn};
    request.background = true;
    return request;
}

} // namespace

void TestUploads::collectsThePieces()
{
    Uploads uploads;
    QVERIFY(uploads.begin(7, upload(8)).ok());
    QVERIFY(uploads.contains(7));
    auto first = uploads.accept(7, {0, false, "abcd"});
    QVERIFY(first.ok());
    QCOMPARE(first->credit->bytes, std::uint64_t{4});
    QVERIFY(!first->complete);
    auto last = uploads.accept(7, {1, true, "efgh"});
    QVERIFY(last.ok() && last->complete);
    QCOMPARE(last->complete->id, std::uint64_t{7});
    QCOMPARE(last->complete->data, std::string("abcdefgh"));
    QCOMPARE(std::get<RestoreState>(last->complete->payload).state.tokens.size(), std::size_t{3});
    QVERIFY(!uploads.contains(7));
}

void TestUploads::refuses()
{
    Uploads uploads;
    QCOMPARE(uploads.begin(1, upload(0)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, upload(kMaxStateBytes + 1)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, upload(4, "")).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, upload(4, std::string(kMaxKeyBytes + 1, 'k'))).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!uploads.contains(1));
}

void TestUploads::piecesThatBreakTheRules()
{
    Uploads uploads;
    QVERIFY(uploads.begin(1, upload(4)).ok());
    QCOMPARE(uploads.accept(1, {1, false, "ab"}).error().code, ErrorCode::EngineProtocol);    // out of order
    QCOMPARE(uploads.accept(1, {0, false, "abcde"}).error().code, ErrorCode::EngineProtocol); // more than announced
}

void TestUploads::isBounded()
{
    Uploads uploads;
    for (std::uint64_t id = 1; id <= Uploads::kMostAtOnce; ++id)
        QVERIFY(uploads.begin(id, upload(4)).ok());
    QCOMPARE(uploads.begin(9, upload(4)).error().code, ErrorCode::EngineBusy);
    uploads.cancel(1);
    QVERIFY(uploads.begin(9, upload(4)).ok());
}

void TestUploads::collectsPixels()
{
    Uploads uploads;
    QVERIFY(uploads.begin(3, look(2, 1)).ok());
    QVERIFY(uploads.accept(3, {0, false, "RGB"}).ok());
    auto last = uploads.accept(3, {1, true, "rgb"});
    QVERIFY(last.ok() && last->complete);
    QCOMPARE(last->complete->data, std::string("RGBrgb"));
    QVERIFY(last->complete->background);
    QCOMPARE(std::get<Generate>(last->complete->payload).turns.size(), std::size_t{1});
}

void TestUploads::imagesThatAreRefused()
{
    Uploads uploads;
    QCOMPARE(uploads.begin(1, look(0, 0)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, look(65536, 65536)).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!uploads.contains(1));
    QVERIFY(uploads.begin(1, look(1, 1)).ok());
    QCOMPARE(uploads.accept(1, {0, true, "RGBA"}).error().code, ErrorCode::EngineProtocol);
}

/// Pixels count until the request is gone, not only while they come.
void TestUploads::imagesAreBounded()
{
    Uploads uploads;
    std::vector<Request> waiting;
    const std::string pieces(kMaxBulkBytes, 'x');
    for (std::uint64_t id = 1; id <= 2; ++id) { // 192 MB each
        QVERIFY(uploads.begin(id, look(8000, 8000)).ok());
        for (std::uint64_t seq = 0, left = 192'000'000; left > 0; ++seq) {
            const std::uint64_t size = std::min<std::uint64_t>(left, pieces.size());
            left -= size;
            auto progress = uploads.accept(id, {seq, left == 0, pieces.substr(0, size)});
            QVERIFY(progress.ok());
            if (progress->complete)
                waiting.push_back(std::move(*progress->complete));
        }
    }
    QCOMPARE(waiting.size(), std::size_t{2});
    QCOMPARE(uploads.begin(3, look(8000, 8000)).error().code, ErrorCode::EngineBusy);
    waiting.pop_back();
    QVERIFY(uploads.begin(3, look(8000, 8000)).ok());
    uploads.cancel(3);
    QVERIFY(uploads.begin(4, look(8000, 8000)).ok());
}

QTEST_APPLESS_MAIN(TestUploads)
#include "tst_uploads.moc"
