// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

namespace tramontane {

/// What the desktop's session does that concerns an open vault: the screen is locked, the computer goes to sleep. Calls
/// and signals: the thread that owns the object; nothing blocks. On a system that tells nothing of it, nothing is
/// signalled.
class SessionWatch : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// A vault is open: sleep is to wait for letGo(), as long as the system lets it wait (seconds).
    virtual void hold() = 0;
    /// No vault is open (any more). Any number of times.
    virtual void letGo() = 0;

Q_SIGNALS:
    /// The person locked the screen, or it locked itself.
    void sessionLocked();
    /// The computer is about to sleep and waits for letGo().
    void aboutToSleep();
};

} // namespace tramontane
