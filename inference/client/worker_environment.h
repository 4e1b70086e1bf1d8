// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcessEnvironment>

class QProcess;

namespace tramontane {

/// What a worker may know of its surroundings: LC_ALL=C.UTF-8 and nothing else. Builds with test hooks also pass
/// LD_LIBRARY_PATH and the options of the sanitizers, where they are set. Any thread; never fails.
[[nodiscard]] QProcessEnvironment workerEnvironment();

/// Gives `process` that environment, the root folder as its working directory and separate channels.
void isolate(QProcess &process);

} // namespace tramontane
