// SPDX-License-Identifier: Apache-2.0
#include "inference/client/child_process.h"

#include <QCoreApplication>

namespace tramontane {

ChildProcess::~ChildProcess()
{
    disconnect();
    if (state() == NotRunning)
        return;
    kill();
    setProcessState(NotRunning);
}

void abandon(std::unique_ptr<ChildProcess> process)
{
    if (!process)
        return;
    ChildProcess *ending = process.release();
    ending->disconnect();
    QCoreApplication *application = QCoreApplication::instance();
    if (application != nullptr && application->thread() == ending->thread())
        ending->setParent(application);
    if (ending->state() == QProcess::NotRunning) {
        // Not deleted at once: the caller may stand in one of its signals.
        ending->deleteLater();
        return;
    }
    QObject::connect(ending, &QProcess::stateChanged, ending, [ending](QProcess::ProcessState state) {
        if (state == QProcess::NotRunning)
            ending->deleteLater();
    });
    ending->kill();
}

} // namespace tramontane
