// SPDX-License-Identifier: Apache-2.0
#include "app/platform/terminal/interrupt_watcher.h"

#include <QMetaObject>

#include <atomic>
#include <windows.h>

namespace tramontane {
namespace {

// A console handler can reach nothing but what has static storage; it runs in a thread of its own.
std::atomic<InterruptWatcher *> s_watcher = nullptr;
std::atomic<bool> s_seen = false;

BOOL WINAPI handle(DWORD)
{
    InterruptWatcher *watcher = s_watcher;
    if (watcher == nullptr || s_seen.exchange(true))
        return FALSE;
    QMetaObject::invokeMethod(watcher, &InterruptWatcher::interrupted, Qt::QueuedConnection);
    return TRUE;
}

} // namespace

struct InterruptWatcher::Platform {};

InterruptWatcher::InterruptWatcher(QObject *parent) : QObject(parent), m_platform(std::make_unique<Platform>())
{
    s_watcher = this;
    SetConsoleCtrlHandler(&handle, TRUE);
}

InterruptWatcher::~InterruptWatcher()
{
    SetConsoleCtrlHandler(&handle, FALSE);
    s_watcher = nullptr;
}

} // namespace tramontane
