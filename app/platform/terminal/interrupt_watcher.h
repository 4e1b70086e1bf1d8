// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <memory>

namespace tramontane {

/// Turns Ctrl+C and a request of the system to end (SIGINT, SIGTERM, SIGHUP; console events on Windows) into a signal in
/// the event loop, so that a program can store what it has. From the second one on the system's own behaviour holds: the
/// process ends at once. Writing to a closed pipe becomes an error instead of an end. One object per process; what was
/// installed is taken back when it goes.
class InterruptWatcher : public QObject {
    Q_OBJECT
public:
    explicit InterruptWatcher(QObject *parent = nullptr);
    ~InterruptWatcher() override;

Q_SIGNALS:
    void interrupted();

private:
    struct Platform;
    std::unique_ptr<Platform> m_platform;
};

} // namespace tramontane
