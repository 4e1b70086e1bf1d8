// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

class QProcess;

namespace tramontane {

/// Lets go of a process without waiting for it: all its signals are cut, it is killed, and the object deletes itself
/// when the system says that the process is gone. Where no event loop runs any more, the object goes with the
/// application object. Thread: the one that owns `process`. Does nothing for null.
void abandon(std::unique_ptr<QProcess> process);

} // namespace tramontane
