// SPDX-License-Identifier: Apache-2.0
#include "inference/client/worker_environment.h"

#include <QDir>
#include <QProcess>

namespace tramontane {

QProcessEnvironment workerEnvironment()
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
#ifdef TRAMONTANE_TEST_HOOKS
    const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        const QString key = QString::fromLatin1(name);
        if (own.contains(key))
            environment.insert(key, own.value(key));
    }
#endif
    return environment;
}

void isolate(QProcess &process)
{
    process.setProcessEnvironment(workerEnvironment());
    process.setWorkingDirectory(QDir::rootPath());
    process.setProcessChannelMode(QProcess::SeparateChannels);
}

} // namespace tramontane
