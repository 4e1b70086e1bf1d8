// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>

#include <memory>

namespace tramontane {

/// A QProcess whose destructor kills and does not wait: QProcess itself waits for the end of the process, and a process
/// with a large model can take its time. What is left then is for the system to clean up. One thread.
class ChildProcess final : public QProcess {
    Q_OBJECT
public:
    ChildProcess() = default;
    ~ChildProcess() override;
};

/// Lets go of a process without waiting for it: all its signals are cut, it is killed, and the object deletes itself
/// when the system says that the process is gone. Where no event loop runs any more, the object goes with the
/// application object. Thread: the one that owns `process`. Does nothing for null.
void abandon(std::unique_ptr<ChildProcess> process);

} // namespace tramontane
