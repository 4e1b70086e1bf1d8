// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/choice_card.h"

#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;
constexpr int kTextLeft = kRing + spacing::k16 + size::kIcon + spacing::k12;
constexpr int kTrailingRoom = kRing + spacing::k16 + size::kIcon + spacing::k12;

} // namespace

ChoiceCard::ChoiceCard(Icon icon, const QString &title, const QString &detail, Trailing trailing, QWidget *parent)
    : QAbstractButton(parent), m_icon(icon), m_trailing(trailing),
      m_title(new TextLabel(title, TypeRole::UiStrong, ElidedLabel::Colour::Primary, this)),
      m_detail(new TextLabel(detail, TypeRole::Hint, ElidedLabel::Colour::Hint, this)), m_ring(new BusyRing(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setCheckable(trailing == Trailing::Radio);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    // A button's child would take the colour of button text.
    m_title->setForegroundRole(QPalette::WindowText);
    m_detail->setForegroundRole(QPalette::WindowText);
    for (QWidget *child :
         {static_cast<QWidget *>(m_title), static_cast<QWidget *>(m_detail), static_cast<QWidget *>(m_ring)})
        child->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *column = new QVBoxLayout;
    column->setSpacing(spacing::k2);
    column->addWidget(m_title);
    column->addWidget(m_detail);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kTextLeft, kRing + spacing::k12, kRing + spacing::k16, kRing + spacing::k12);
    row->setSpacing(spacing::k12);
    row->addLayout(column, 1);
    row->addWidget(m_ring, 0, Qt::AlignVCenter);
    setTrailing(trailing);
    rename();
}

void ChoiceCard::setTitle(const QString &title)
{
    m_title->setText(title);
    rename();
}

void ChoiceCard::setDetail(const QString &detail, ElidedLabel::Colour colour)
{
    m_detail->setText(detail);
    m_detail->setColour(colour);
    m_detail->setVisible(!detail.isEmpty());
    rename();
}

void ChoiceCard::setTrailing(Trailing trailing)
{
    m_trailing = trailing;
    m_ring->setVisible(trailing == Trailing::Busy);
    const bool own = trailing == Trailing::Radio || trailing == Trailing::Lock;
    layout()->setContentsMargins(kTextLeft, kRing + spacing::k12, own ? kTrailingRoom : kRing + spacing::k16,
                                 kRing + spacing::k12);
    rename();
    update();
}

void ChoiceCard::rename()
{
    setAccessibleName(m_title->text());
    setAccessibleDescription(m_trailing == Trailing::Lock ? tr("Locked. %1").arg(m_detail->text()) : m_detail->text());
}

QSize ChoiceCard::sizeHint() const
{
    return layout()->sizeHint();
}
int ChoiceCard::heightForWidth(int width) const
{
    return layout()->heightForWidth(width);
}

void ChoiceCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    const QRectF box = QRectF(rect()).adjusted(kRing, kRing, -kRing, -kRing);
    const bool locked = m_trailing == Trailing::Lock;
    const bool over = underMouse() && !locked && isEnabled();
    const QColor fill = locked ? tokens.sunken : isDown() ? tokens.press : over ? tokens.hover : tokens.raised;
    paintBox(painter, box, radius::kCard, fill, isChecked() ? tokens.acc : tokens.line2, isChecked() ? 2 : 1);
    const QRectF icon(box.left() + spacing::k16, box.top(), size::kIcon, box.height());
    paintIcon(painter, icon, m_icon, isChecked() ? tokens.acc : tokens.t2);
    const QRectF mark(box.right() - spacing::k16 - size::kIcon, box.center().y() - size::kIcon / 2.0, size::kIcon,
                      size::kIcon);
    if (locked) {
        paintIcon(painter, mark, Icon::Lock, tokens.t2);
    } else if (m_trailing == Trailing::Radio && isChecked()) {
        paintBox(painter, mark, size::kIcon / 2.0, tokens.acc, {});
        paintIcon(painter, mark, Icon::Check, tokens.onAcc, 12);
    } else if (m_trailing == Trailing::Radio) {
        paintBox(painter, mark, size::kIcon / 2.0, tokens.raised, tokens.ctl);
    }
    if (hasFocus())
        paintFocusRing(painter, box, radius::kCard, tokens);
}

void ChoiceCard::mousePressEvent(QMouseEvent *event)
{
    if (m_trailing == Trailing::Lock)
        event->accept();
    else
        QAbstractButton::mousePressEvent(event);
}

void ChoiceCard::keyPressEvent(QKeyEvent *event)
{
    if (m_trailing == Trailing::Lock && event->key() == Qt::Key_Space)
        return;
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        // Enter presses the focused one; a radio card is chosen with Space or arrows, and Enter leads on.
        if (m_trailing == Trailing::None) {
            click();
            return;
        }
        event->ignore();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void ChoiceCard::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void ChoiceCard::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace tramontane::ui
