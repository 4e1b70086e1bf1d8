// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMimeData>

namespace tramontane::ui {

/// Plain text that this program has put into the clipboard or the selection, so that locking can take it out again: not
/// every platform tells whose content it is. GUI thread.
class OwnText : public QMimeData {
    Q_OBJECT
public:
    explicit OwnText(const QString &text);
};

/// Puts the text into the clipboard.
void copyText(const QString &text);

/// Empties clipboard and selection where this program has put something there; what others have put there stays.
void clearOwnClipboard();

} // namespace tramontane::ui
