// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <utility>
#include <vector>

class QCoreApplication;

namespace tramontane {

/// Code and own name of each language that the program speaks; the first entry follows the desktop and has no code.
[[nodiscard]] std::vector<std::pair<QString, QString>> languages();

/// Puts the texts of this language (a code of languages()) on the application, and its numbers and dates. An unknown or
/// empty code takes the desktop's language, else English. Call before the first widget is made.
void installLanguage(QCoreApplication &application, const QString &code);

} // namespace tramontane
