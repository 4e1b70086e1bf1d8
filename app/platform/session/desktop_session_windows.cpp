// SPDX-License-Identifier: Apache-2.0
// Windows says that a screen is locked to a window (WM_WTSSESSION_CHANGE), and that it goes to sleep in a thread of its
// own (PowerRegisterSuspendResumeNotification), which may make it wait for about two seconds.
#include "app/platform/session/desktop_session.h"

#include <windows.h>

#include <powrprof.h>
#include <wtsapi32.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace tramontane {
namespace {

constexpr auto kWindowClass = L"TramontaneSessionWatch";
constexpr std::chrono::milliseconds kLongestWait{1900};

class WindowsSessionWatch final : public SessionWatch {
public:
    WindowsSessionWatch();
    ~WindowsSessionWatch() override;
    void hold() override { setHeld(true); }
    void letGo() override { setHeld(false); }

private:
    static LRESULT CALLBACK onMessage(HWND window, UINT message, WPARAM word, LPARAM data);
    static ULONG CALLBACK onPower(PVOID context, ULONG type, PVOID setting);
    void setHeld(bool held);
    void suspend();

    HWND m_window = nullptr;
    HPOWERNOTIFY m_power = nullptr;
    DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS m_subscription{};
    std::mutex m_mutex; // of m_held
    std::condition_variable m_released;
    bool m_held = false;
};

WindowsSessionWatch::WindowsSessionWatch()
{
    WNDCLASSEXW kind{};
    kind.cbSize = sizeof kind;
    kind.lpfnWndProc = &WindowsSessionWatch::onMessage;
    kind.hInstance = GetModuleHandleW(nullptr);
    kind.lpszClassName = kWindowClass;
    RegisterClassExW(&kind);
    m_window = CreateWindowExW(0, kWindowClass, L"", 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, kind.hInstance, nullptr);
    if (m_window != nullptr) {
        SetWindowLongPtrW(m_window, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
        WTSRegisterSessionNotification(m_window, NOTIFY_FOR_THIS_SESSION);
    }
    m_subscription.Callback = &WindowsSessionWatch::onPower;
    m_subscription.Context = this;
    if (PowerRegisterSuspendResumeNotification(DEVICE_NOTIFY_CALLBACK, &m_subscription, &m_power) != ERROR_SUCCESS)
        m_power = nullptr;
}

WindowsSessionWatch::~WindowsSessionWatch()
{
    letGo();
    if (m_power != nullptr)
        PowerUnregisterSuspendResumeNotification(m_power);
    if (m_window != nullptr) {
        WTSUnRegisterSessionNotification(m_window);
        DestroyWindow(m_window);
    }
}

LRESULT CALLBACK WindowsSessionWatch::onMessage(HWND window, UINT message, WPARAM word, LPARAM data)
{
    auto *self = reinterpret_cast<WindowsSessionWatch *>(GetWindowLongPtrW(window, GWLP_USERDATA));
    if (message == WM_WTSSESSION_CHANGE && word == WTS_SESSION_LOCK && self != nullptr)
        Q_EMIT self->sessionLocked();
    return DefWindowProcW(window, message, word, data);
}

ULONG CALLBACK WindowsSessionWatch::onPower(PVOID context, ULONG type, PVOID)
{
    if (type == PBT_APMSUSPEND)
        static_cast<WindowsSessionWatch *>(context)->suspend();
    return ERROR_SUCCESS;
}

/// In a thread of the system: the owner locks in its own, and this one waits for it.
void WindowsSessionWatch::suspend()
{
    QMetaObject::invokeMethod(
        this, [this] { Q_EMIT aboutToSleep(); }, Qt::QueuedConnection);
    std::unique_lock lock(m_mutex);
    m_released.wait_for(lock, kLongestWait, [this] { return !m_held; });
}

void WindowsSessionWatch::setHeld(bool held)
{
    {
        const std::lock_guard lock(m_mutex);
        m_held = held;
    }
    m_released.notify_all();
}

} // namespace

std::unique_ptr<SessionWatch> watchDesktopSession()
{
    return std::make_unique<WindowsSessionWatch>();
}

} // namespace tramontane
