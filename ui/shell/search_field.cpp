// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/search_field.h"

#include "ui/shell/sidebar_button.h"
#include "ui/style/theme.h"

#include <QKeySequence>
#include <QPainter>

namespace tramontane::ui {

SearchField::SearchField(QWidget *parent) : QLineEdit(parent)
{
    setPlaceholderText(tr("Search chats"));
    setAccessibleName(tr("Search chats"));
    setTextMargins(size::kIcon + spacing::k8, 0, 0, 0);
}

void SearchField::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    const Theme &theme = Theme::of(this);
    paintIcon(painter, QRectF(spacing::k12, 0, size::kIcon, height()), Icon::Search, theme.tokens().t2);
    if (text().isEmpty() && !hasFocus()) {
        const QString key = keyText(QKeySequence(tr("Ctrl+K")));
        paintKey(painter, QRectF(rect()).adjusted(0, 0, -spacing::k8, 0), key, theme);
    }
}

} // namespace tramontane::ui
