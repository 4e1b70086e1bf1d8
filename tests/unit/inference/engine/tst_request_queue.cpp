// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/request_queue.h"

#include <QTest>

#include <thread>

using namespace tramontane::engine;
using namespace tramontane::protocol;

namespace {

Request request(std::uint64_t id)
{
    Request made;
    made.id = id;
    made.payload = Tokenize{"text", false};
    return made;
}

} // namespace

class TestRequestQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOrder();
    void isBounded();
    void refusesAnIdInUse();
    void cancelsRunningAndWaiting();
    void wakesTheWaitingThread();
};

void TestRequestQueue::keepsTheOrder()
{
    RequestQueue queue;
    for (std::uint64_t id : {5U, 3U, 9U})
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    for (std::uint64_t id : {5U, 3U, 9U})
        QCOMPARE(queue.take().id, id);
}

void TestRequestQueue::isBounded()
{
    RequestQueue queue;
    for (std::uint64_t id = 1; id <= RequestQueue::kCapacity; ++id)
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    QCOMPARE(queue.add(request(1000)), RequestQueue::Added::Full);
    static_cast<void>(queue.take());
    QCOMPARE(queue.add(request(1000)), RequestQueue::Added::Yes);
}

void TestRequestQueue::refusesAnIdInUse()
{
    RequestQueue queue;
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::Yes);
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::IdInUse);
    QCOMPARE(queue.take().id, 1U);
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::IdInUse); // it runs
    QCOMPARE(queue.add(request(2)), RequestQueue::Added::Yes);
    static_cast<void>(queue.take());
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::Yes); // it has ended
}

void TestRequestQueue::cancelsRunningAndWaiting()
{
    RequestQueue queue;
    static_cast<void>(queue.add(request(1)));
    static_cast<void>(queue.add(request(2)));
    const Request running = queue.take();
    QVERIFY(!*running.cancelled);
    QCOMPARE(queue.cancel(1), RequestQueue::Cancelled::Running);
    QVERIFY(*running.cancelled);
    QCOMPARE(queue.cancel(2), RequestQueue::Cancelled::Waiting);
    QCOMPARE(queue.cancel(2), RequestQueue::Cancelled::Unknown);
    QCOMPARE(queue.cancel(7), RequestQueue::Cancelled::Unknown);
    static_cast<void>(queue.add(request(3)));
    QCOMPARE(queue.take().id, 3U);
}

void TestRequestQueue::wakesTheWaitingThread()
{
    RequestQueue queue;
    std::uint64_t taken = 0;
    std::thread waiting([&] { taken = queue.take().id; });
    static_cast<void>(queue.add(request(4)));
    waiting.join();
    QCOMPARE(taken, 4U);
}

QTEST_APPLESS_MAIN(TestRequestQueue)
#include "tst_request_queue.moc"
