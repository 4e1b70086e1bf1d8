// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace tramontane {

/// What the command line of the window says.
struct WindowArguments {
    QString home;  // vault directory; empty: the default one
    QString print; // print this and end: version or help
    QString error; // print this to standard error and end with 2
};

/// Reads the command line (without Qt's own options, which QApplication takes out later). Needs no display. Never fails:
/// what is wrong is said in `error`.
[[nodiscard]] WindowArguments readWindowArguments(const QStringList &arguments, const QString &version);

/// The model that a first run offers: of the GGUF files in `folders`, best folder first, the one whose name says that it
/// chats; empty when there is none. Reads the folders, not the files.
[[nodiscard]] QString starterModel(const QStringList &folders);

} // namespace tramontane
