// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

// Where things lie on this system (XDG Base Directory Specification 0.8 on Linux, Known Folders on Windows, both
// through QStandardPaths). Nothing here creates anything. Any thread.
namespace tramontane::paths {

/// The vault directory when nobody names another: ~/.local/share/tramontane, or $XDG_DATA_HOME/tramontane.
[[nodiscard]] QString defaultVaultHome();

/// `given` made absolute against the working folder and cleaned; the default for an empty text.
[[nodiscard]] QString vaultHome(const QString &given);

/// Where small facts that belong to no vault are kept: $XDG_STATE_HOME/tramontane, or ~/.local/state/tramontane; on
/// Windows the data folder.
[[nodiscard]] QString stateFolder();

/// The engine program: beside the running program, else in ../libexec, else in the private library folder that the
/// packages use (../lib/<architecture>/tramontane, ../lib/tramontane). Empty when none of them has an executable file of that name.
[[nodiscard]] QString engineProgram(const QString &programFolder);

/// Folders in which models are offered, best first: those that exist of models below the data home, and
/// share/tramontane/models below the installation.
[[nodiscard]] QStringList modelFolders(const QString &programFolder);

} // namespace tramontane::paths
