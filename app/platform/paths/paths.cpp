// SPDX-License-Identifier: Apache-2.0
#include "app/platform/paths/paths.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace tramontane::paths {
namespace {

constexpr auto kName = "tramontane";

QString dataHome()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/" + kName;
}

} // namespace

QString defaultVaultHome()
{
    return dataHome();
}

QString stateFolder()
{
    // QStandardPaths knows the state folder from Qt 6.7 on.
    const QString named = qEnvironmentVariable("XDG_STATE_HOME");
    if (QDir::isAbsolutePath(named))
        return QDir::cleanPath(named) + "/" + kName;
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return data.endsWith("/.local/share") ? QDir::homePath() + "/.local/state/" + kName : dataHome();
}

QString vaultHome(const QString &given)
{
    return given.isEmpty() ? defaultVaultHome() : QDir::cleanPath(QFileInfo(given).absoluteFilePath());
}

QString engineProgram(const QString &programFolder)
{
    const QDir folder(programFolder);
    for (const char *where : {".", "../libexec", "../" TRAMONTANE_PRIVATE_LIBDIR, "../lib/tramontane"}) {
        const QString found = QStandardPaths::findExecutable("tramontane-engine", {folder.absoluteFilePath(where)});
        if (!found.isEmpty())
            return QDir::cleanPath(found);
    }
    return {};
}

QStringList modelFolders(const QString &programFolder)
{
    QStringList all{dataHome() + "/models", QDir(programFolder).absoluteFilePath("../share/tramontane/models")};
    for (const QString &shared : QStandardPaths::standardLocations(QStandardPaths::GenericDataLocation))
        all << shared + "/" + kName + "/models";
    QStringList existing;
    for (const QString &folder : all) {
        const QString clean = QDir::cleanPath(folder);
        if (QFileInfo(clean).isDir() && !existing.contains(clean))
            existing << clean;
    }
    return existing;
}

} // namespace tramontane::paths
