// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QThreadPool>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace tramontane::vault {

/// A few threads for file work that may take long, and lines of tasks in them: the tasks of one line run one after the
/// other in the order of post(), those of different lines side by side. Calls from any thread.
class WorkThreads {
public:
    /// `open` is false when the threads were closed before the task's turn came: it then runs in whatever thread that is,
    /// and must only say so to whoever waits.
    using Task = std::function<void(bool open)>;

    explicit WorkThreads(int threads);
    /// As close(). Not in one of the threads.
    ~WorkThreads();
    WorkThreads(const WorkThreads &) = delete;
    WorkThreads &operator=(const WorkThreads &) = delete;

    /// Waits for the tasks that run; those that wait get `open` = false. Any number of times; not in one of the threads.
    void close();

private:
    struct Gate {
        std::mutex mutex;
        QThreadPool *pool = nullptr; // null when closed
        [[nodiscard]] bool isOpen();
        [[nodiscard]] bool start(std::function<void()> work);
    };

public:
    /// May outlive the threads.
    class Line : public std::enable_shared_from_this<Line> {
    public:
        explicit Line(std::shared_ptr<Gate> gate) : m_gate(std::move(gate)) {}
        void post(Task task);

    private:
        void runNext();
        std::shared_ptr<Gate> m_gate;
        std::mutex m_mutex;
        std::deque<Task> m_tasks;
        bool m_running = false;
    };
    [[nodiscard]] std::shared_ptr<Line> makeLine() { return std::make_shared<Line>(m_gate); }

private:
    std::shared_ptr<Gate> m_gate = std::make_shared<Gate>();
    QThreadPool m_pool;
};

} // namespace tramontane::vault
