// SPDX-License-Identifier: Apache-2.0
#include "storage/tasks/work_threads.h"

#include <QSemaphore>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

using namespace tramontane::vault;

class TestWorkThreads : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsTheOrderOfALine()
    {
        WorkThreads threads(4);
        const auto line = threads.makeLine();
        std::vector<int> order; // of one line: never two tasks at once
        QSemaphore done;
        for (int i = 0; i < 1000; ++i) {
            line->post([&, i](bool open) {
                if (open)
                    order.push_back(i);
                done.release();
            });
        }
        done.acquire(1000);
        QCOMPARE(order.size(), std::size_t(1000));
        QVERIFY(std::is_sorted(order.begin(), order.end()));
    }

    void runsLinesSideBySide()
    {
        WorkThreads threads(2);
        QSemaphore first, second, done;
        // Each waits for the other: in one thread this would never end.
        threads.makeLine()->post([&](bool) {
            first.release();
            done.release(second.tryAcquire(1, 30'000) ? 1 : 0);
        });
        threads.makeLine()->post([&](bool) {
            second.release();
            done.release(first.tryAcquire(1, 30'000) ? 1 : 0);
        });
        QVERIFY(done.tryAcquire(2, 60'000));
    }

    void letsLinesTakeTurns()
    {
        WorkThreads threads(1);
        const auto busy = threads.makeLine(), other = threads.makeLine();
        QSemaphore done;
        std::atomic<int> before = 0;
        QSemaphore start;
        busy->post([&](bool) { start.acquire(); });
        for (int i = 0; i < 50; ++i)
            busy->post([&](bool) { ++before; });
        int seen = -1; // of the tasks that were handed in earlier, in the other line
        other->post([&](bool) {
            seen = before;
            done.release();
        });
        start.release();
        QVERIFY(done.tryAcquire(1, 30'000));
        QVERIFY2(seen >= 0 && seen < 50, std::to_string(seen).c_str());
        threads.close();
    }

    void tellsWhatWaitsThatItIsClosed()
    {
        WorkThreads threads(1);
        const auto line = threads.makeLine();
        QSemaphore started;
        std::atomic<int> opened = 0, refused = 0;
        line->post([&](bool) {
            started.release();
            // The only thread is busy with this, so a probe runs at once only when there are no threads any more.
            for (const auto closed = std::make_shared<std::atomic<bool>>(false); !*closed;) {
                threads.makeLine()->post([closed](bool open) { *closed = *closed || !open; });
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            ++opened;
        });
        for (int i = 0; i < 10; ++i)
            line->post([&](bool open) { ++(open ? opened : refused); });
        started.acquire();
        threads.close();
        QCOMPARE(int(opened), 1);
        QCOMPARE(int(refused), 10);
        line->post([&](bool open) { ++(open ? opened : refused); });
        QCOMPARE(int(refused), 11);
        threads.close();
    }

    void linesMayOutliveTheThreads()
    {
        std::shared_ptr<WorkThreads::Line> line;
        {
            WorkThreads threads(1);
            line = threads.makeLine();
        }
        bool wasOpen = true;
        line->post([&](bool open) { wasOpen = open; });
        QVERIFY(!wasOpen);
    }
};

QTEST_GUILESS_MAIN(TestWorkThreads)
#include "tst_work_threads.moc"
