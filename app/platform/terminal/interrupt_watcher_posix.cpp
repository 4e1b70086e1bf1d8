// SPDX-License-Identifier: Apache-2.0
#include "app/platform/terminal/interrupt_watcher.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace tramontane {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing but what has static storage.
volatile sig_atomic_t s_writeEnd = -1;

void handle(int number)
{
    const int saved = errno;
    const char byte = char(number);
    [[maybe_unused]] const ssize_t written = ::write(int(s_writeEnd), &byte, 1);
    // The next one ends the process.
    ::signal(number, SIG_DFL);
    errno = saved;
}

} // namespace

struct InterruptWatcher::Platform {
    std::array<int, 2> pipe{-1, -1};
    std::unique_ptr<QSocketNotifier> notifier;
};

InterruptWatcher::InterruptWatcher(QObject *parent) : QObject(parent), m_platform(std::make_unique<Platform>())
{
    ::signal(SIGPIPE, SIG_IGN);
    if (::pipe2(m_platform->pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // no descriptors left: then signals end the process as they always did
    s_writeEnd = m_platform->pipe[1];
    m_platform->notifier = std::make_unique<QSocketNotifier>(m_platform->pipe[0], QSocketNotifier::Read);
    connect(m_platform->notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (::read(m_platform->pipe[0], &byte, 1) == 1) {
        }
        Q_EMIT interrupted();
    });
    struct sigaction action = {};
    action.sa_handler = &handle;
    ::sigemptyset(&action.sa_mask);
    for (const int number : kSignals)
        ::sigaction(number, &action, nullptr);
}

InterruptWatcher::~InterruptWatcher()
{
    for (const int number : kSignals)
        ::signal(number, SIG_DFL);
    s_writeEnd = -1;
    for (const int end : m_platform->pipe) {
        if (end >= 0)
            ::close(end);
    }
}

} // namespace tramontane
