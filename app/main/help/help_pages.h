// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <QString>
#include <QStringList>

#include <vector>

// The help pages that are compiled in: resources/help/<language>/<topic>.md, Markdown (CommonMark 0.31). Any thread.
namespace tramontane::help {

struct Page {
    QString topic;    // the name of the file, the same in every language
    QString language; // "en"
    QString title;    // of the page's first heading
    QString text;     // Markdown, with the heading; links to other pages are "<topic>.md"
};

/// In the order in which they are best read.
[[nodiscard]] QStringList topics();
/// "de", "en".
[[nodiscard]] QStringList languages();
/// The one of languages() that fits a locale name such as "de_LU", else "en".
[[nodiscard]] QString languageFor(const QString &localeName);
/// Errors: NotFound for a topic or a language that there is not.
[[nodiscard]] Result<Page> page(const QString &topic, const QString &language);

} // namespace tramontane::help
