// SPDX-License-Identifier: Apache-2.0
#include "ui/style/own_text.h"

#include <QClipboard>
#include <QGuiApplication>

namespace tramontane::ui {

OwnText::OwnText(const QString &text)
{
    setText(text);
}

void copyText(const QString &text)
{
    QGuiApplication::clipboard()->setMimeData(new OwnText(text));
}

void clearOwnClipboard()
{
    QClipboard *clipboard = QGuiApplication::clipboard();
    const auto isOwn = [clipboard](QClipboard::Mode mode, bool owned) {
        return owned || qobject_cast<const OwnText *>(clipboard->mimeData(mode));
    };
    if (isOwn(QClipboard::Clipboard, clipboard->ownsClipboard()))
        clipboard->clear(QClipboard::Clipboard);
    if (clipboard->supportsSelection() && isOwn(QClipboard::Selection, clipboard->ownsSelection()))
        clipboard->clear(QClipboard::Selection);
}

} // namespace tramontane::ui
