// SPDX-License-Identifier: Apache-2.0
#include "inference/client/process_end.h"

#include <QCoreApplication>
#include <QProcess>

namespace tramontane {

void abandon(std::unique_ptr<QProcess> process)
{
    if (!process)
        return;
    QProcess *ending = process.release();
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
