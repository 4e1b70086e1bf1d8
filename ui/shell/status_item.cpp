// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/status_item.h"

#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace tramontane::ui {

StatusItem::StatusItem(Icon icon, const QString &text, QWidget *parent)
    : QAbstractButton(parent), m_content(new IconText(icon, text, TypeRole::Status, this))
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    m_content->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::k8, 0, spacing::k8, 0);
    row->addWidget(m_content);
    setAccessibleName(text);
}

void StatusItem::set(Icon icon, const QString &text, Tone tone, const QString &explanation)
{
    m_content->setIcon(icon);
    m_content->setText(text);
    m_content->setTone(tone);
    setAccessibleName(text);
    setAccessibleDescription(explanation);
    setToolTip(explanation);
    updateGeometry();
}

QSize StatusItem::sizeHint() const
{
    return layout()->sizeHint();
}

void StatusItem::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    const QRectF box = QRectF(rect()).adjusted(spacing::k2, spacing::k2, -spacing::k2, -spacing::k2);
    const QColor fill = isDown() ? tokens.press : underMouse() ? tokens.hover : QColor();
    if (hasFocus())
        paintBox(painter, box, radius::kRow, fill, tokens.acc, size::kFocusRing);
    else if (fill.isValid())
        paintBox(painter, box, radius::kRow, fill, {});
}

void StatusItem::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void StatusItem::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void StatusItem::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace tramontane::ui
