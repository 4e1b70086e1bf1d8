// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/request_queue.h"

#include <QTest>

#include <array>
#include <atomic>
#include <thread>

using namespace tramontane::engine;
using namespace tramontane::protocol;

namespace {

Request request(std::uint64_t id, bool background = false)
{
    Request made;
    made.id = id;
    made.background = background;
    made.payload = Tokenize{"text", false};
    return made;
}

/// Prepares everything that is new.
void prepare(RequestQueue &queue, int count)
{
    for (int i = 0; i < count; ++i)
        queue.makeReady(queue.takeNew());
}

std::optional<Request> takeReady(RequestQueue &queue)
{
    return queue.takeReady([](const Request &) { return true; });
}

} // namespace

class TestRequestQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOrder();
    void isBounded();
    void refusesAnIdInUse();
    void cancelsRunningAndWaiting();
    void cancelledWhileItIsPrepared();
    void nobodyIsOvertaken();
    void theBackgroundWaitsButNotForever();
    void briefOnesComeFirst();
    void wakesTheWaitingThreads();
    void manyThreads();
};

void TestRequestQueue::keepsTheOrder()
{
    RequestQueue queue;
    for (std::uint64_t id : {5U, 3U, 9U})
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    QVERIFY(!queue.hasReady());
    QVERIFY(!takeReady(queue));
    prepare(queue, 3);
    QVERIFY(queue.hasReady());
    for (std::uint64_t id : {5U, 3U, 9U})
        QCOMPARE(takeReady(queue)->id, id);
    QVERIFY(!takeReady(queue));
}

void TestRequestQueue::isBounded()
{
    RequestQueue queue;
    for (std::uint64_t id = 1; id <= RequestQueue::kCapacity; ++id)
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    QCOMPARE(queue.add(request(1000)), RequestQueue::Added::Full);
    prepare(queue, 3); // they still wait
    QCOMPARE(queue.add(request(1000)), RequestQueue::Added::Full);
    QVERIFY(takeReady(queue).has_value()); // runs
    QCOMPARE(queue.add(request(1000)), RequestQueue::Added::Yes);
    QVERIFY(queue.finish(2)); // answered without being run
    QCOMPARE(queue.add(request(1001)), RequestQueue::Added::Yes);
    QVERIFY(queue.finish(1)); // it ran, and did not count
    QCOMPARE(queue.add(request(1002)), RequestQueue::Added::Full);
}

void TestRequestQueue::refusesAnIdInUse()
{
    RequestQueue queue;
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::Yes);
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::IdInUse);
    prepare(queue, 1);
    QCOMPARE(takeReady(queue)->id, 1U);
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::IdInUse); // it runs
    QVERIFY(queue.finish(1));
    QVERIFY(!queue.finish(1));
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::Yes); // it has ended
}

void TestRequestQueue::cancelsRunningAndWaiting()
{
    RequestQueue queue;
    for (std::uint64_t id : {1U, 2U, 3U})
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    prepare(queue, 2);
    const auto running = takeReady(queue);
    QVERIFY(!*running->cancelled);
    QCOMPARE(queue.cancel(1), RequestQueue::Cancelled::Running);
    QVERIFY(*running->cancelled);
    QCOMPARE(queue.cancel(2), RequestQueue::Cancelled::Waiting); // to be run
    QCOMPARE(queue.cancel(3), RequestQueue::Cancelled::Waiting); // to be prepared
    QCOMPARE(queue.cancel(2), RequestQueue::Cancelled::Unknown);
    QCOMPARE(queue.cancel(7), RequestQueue::Cancelled::Unknown);
    QVERIFY(!queue.finish(2));
    QVERIFY(queue.finish(1));
}

void TestRequestQueue::cancelledWhileItIsPrepared()
{
    RequestQueue queue;
    QCOMPARE(queue.add(request(1)), RequestQueue::Added::Yes);
    Request taken = queue.takeNew();
    QCOMPARE(queue.cancel(1), RequestQueue::Cancelled::Waiting);
    QVERIFY(*taken.cancelled);
    queue.makeReady(std::move(taken));
    QVERIFY(!queue.hasReady());
    QVERIFY(!queue.finish(1)); // its end was told by whoever cancelled it
}

void TestRequestQueue::nobodyIsOvertaken()
{
    RequestQueue queue;
    for (std::uint64_t id : {1U, 2U})
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    prepare(queue, 2);
    QVERIFY(!queue.takeReady([](const Request &next) { return next.id != 1; }));
    QCOMPARE(takeReady(queue)->id, 1U);
    QCOMPARE(takeReady(queue)->id, 2U);
}

void TestRequestQueue::theBackgroundWaitsButNotForever()
{
    RequestQueue queue;
    QCOMPARE(queue.add(request(1, true)), RequestQueue::Added::Yes);
    for (std::uint64_t id = 2; id < 22; ++id)
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    prepare(queue, 21);
    int before = 0;
    while (takeReady(queue)->id != 1)
        ++before;
    QCOMPARE(before, RequestQueue::kPatience);
}

void TestRequestQueue::briefOnesComeFirst()
{
    RequestQueue queue;
    for (std::uint64_t id : {1U, 2U})
        QCOMPARE(queue.add(request(id)), RequestQueue::Added::Yes);
    queue.makeReady(queue.takeNew());
    Request brief = queue.takeNew();
    brief.brief = true;
    queue.makeReady(std::move(brief));
    QCOMPARE(takeReady(queue)->id, 2U);
    QCOMPARE(takeReady(queue)->id, 1U);
}

void TestRequestQueue::wakesTheWaitingThreads()
{
    RequestQueue queue;
    std::thread desk([&] { queue.makeReady(queue.takeNew()); });
    std::uint64_t taken = 0;
    std::thread scheduler([&] {
        queue.waitForReady();
        taken = takeReady(queue)->id;
    });
    QCOMPARE(queue.add(request(4)), RequestQueue::Added::Yes);
    desk.join();
    scheduler.join();
    QCOMPARE(taken, 4U);
}

void TestRequestQueue::manyThreads()
{
    // As in a worker: one thread reads and cancels, one prepares, one runs. Each request gets exactly one end.
    constexpr std::uint64_t kCount = 5000;
    RequestQueue queue;
    std::array<std::atomic<int>, kCount + 2> ends{};
    std::thread desk([&] {
        for (;;) {
            Request taken = queue.takeNew();
            if (taken.id == kCount + 1)
                return queue.makeReady(std::move(taken));
            if (taken.id % 3 == 0)
                ends[taken.id] += queue.finish(taken.id) ? 1 : 0;
            else
                queue.makeReady(std::move(taken));
        }
    });
    std::thread scheduler([&] {
        for (;;) {
            queue.waitForReady();
            const auto taken = takeReady(queue);
            if (taken && taken->id == kCount + 1)
                return;
            if (taken)
                ends[taken->id] += queue.finish(taken->id) ? 1 : 0;
        }
    });
    for (std::uint64_t id = 1; id <= kCount + 1; ++id) {
        while (queue.add(request(id)) == RequestQueue::Added::Full)
            std::this_thread::yield();
        if (id % 5 == 0 && id <= kCount && queue.cancel(id) == RequestQueue::Cancelled::Waiting)
            ++ends[id];
    }
    desk.join();
    scheduler.join();
    for (std::uint64_t id = 1; id <= kCount; ++id)
        QCOMPARE(ends[id].load(), 1);
}

QTEST_APPLESS_MAIN(TestRequestQueue)
#include "tst_request_queue.moc"
