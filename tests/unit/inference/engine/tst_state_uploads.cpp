// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/state_uploads.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;

class TestStateUploads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void collectsThePieces();
    void refuses();
    void piecesThatBreakTheRules();
    void isBounded();
};

namespace {

RestoreState upload(std::uint64_t bytes, const std::string &key = "key")
{
    return {key, {{1, 2, 3}, bytes}};
}

} // namespace

void TestStateUploads::collectsThePieces()
{
    StateUploads uploads;
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

void TestStateUploads::refuses()
{
    StateUploads uploads;
    QCOMPARE(uploads.begin(1, upload(0)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, upload(kMaxStateBytes + 1)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, upload(4, "")).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(uploads.begin(1, upload(4, std::string(kMaxKeyBytes + 1, 'k'))).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!uploads.contains(1));
}

void TestStateUploads::piecesThatBreakTheRules()
{
    StateUploads uploads;
    QVERIFY(uploads.begin(1, upload(4)).ok());
    QCOMPARE(uploads.accept(1, {1, false, "ab"}).error().code, ErrorCode::EngineProtocol);    // out of order
    QCOMPARE(uploads.accept(1, {0, false, "abcde"}).error().code, ErrorCode::EngineProtocol); // more than announced
}

void TestStateUploads::isBounded()
{
    StateUploads uploads;
    for (std::uint64_t id = 1; id <= StateUploads::kMostAtOnce; ++id)
        QVERIFY(uploads.begin(id, upload(4)).ok());
    QCOMPARE(uploads.begin(9, upload(4)).error().code, ErrorCode::EngineBusy);
    uploads.cancel(1);
    QVERIFY(uploads.begin(9, upload(4)).ok());
}

QTEST_APPLESS_MAIN(TestStateUploads)
#include "tst_state_uploads.moc"
