// SPDX-License-Identifier: Apache-2.0
#include "ui/style/notice.h"

#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kIconColumn = 28;

Icon toneIcon(Tone tone)
{
    switch (tone) {
    case Tone::Ok: return Icon::CheckCircle;
    case Tone::Warn: return Icon::Warning;
    case Tone::Bad: return Icon::Error;
    default: return Icon::Info;
    }
}

} // namespace

ToneColours toneColours(const Tokens &t, Tone tone)
{
    switch (tone) {
    case Tone::Accent: return {t.acc, t.tint, t.accLine};
    case Tone::Ok: return {t.ok.text, t.ok.tint, t.ok.line};
    case Tone::Warn: return {t.warn.text, t.warn.tint, t.warn.line};
    case Tone::Bad: return {t.bad.text, t.bad.tint, t.bad.line};
    case Tone::Neutral:
    case Tone::Dashed: break;
    }
    return {t.t2, t.raised, t.line2};
}

Surface::Surface(Fill fill, Edge edge, qreal radius, QWidget *parent)
    : QFrame(parent), m_fill(fill), m_edge(edge), m_radius(radius)
{
    setFrameShape(QFrame::NoFrame);
}

void Surface::setFill(Fill fill)
{
    m_fill = fill;
    update();
}

void Surface::setEdge(Edge edge)
{
    m_edge = edge;
    update();
}

void Surface::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void Surface::paintEvent(QPaintEvent *)
{
    const Tokens &t = Theme::of(this).tokens();
    QPainter painter(this);
    QColor fill;
    switch (m_fill) {
    case Fill::None: break;
    case Fill::Win: fill = t.win; break;
    case Fill::Canvas: fill = t.canvas; break;
    case Fill::Raised: fill = t.raised; break;
    case Fill::Sunken: fill = t.sunken; break;
    }
    const QRectF box(rect());
    const QColor frame =
        m_tone == Tone::Neutral ? (m_edge == Edge::Box ? t.line2 : t.line) : toneColours(t, m_tone).frame;
    paintBox(painter, box, m_radius, fill, m_edge == Edge::Box ? frame : QColor());
    const qreal line = ui::lineWidth(1, painterScale(painter));
    if (m_edge == Edge::Top)
        paintHLine(painter, 0, box.width(), 0, frame);
    else if (m_edge == Edge::Bottom)
        paintHLine(painter, 0, box.width(), box.height() - line, frame);
    else if (m_edge == Edge::Left)
        paintVLine(painter, 0, 0, box.height(), frame);
    else if (m_edge == Edge::Right)
        paintVLine(painter, box.width() - line, 0, box.height(), frame);
}

Notice::Notice(Tone tone, Shape shape, QWidget *parent)
    : QFrame(parent), m_tone(tone), m_shape(shape), m_icon(toneIcon(tone)),
      m_bold(new TextLabel({}, TypeRole::UiStrong, ElidedLabel::Colour::Primary, this)),
      m_plain(new TextLabel({}, TypeRole::Secondary, ElidedLabel::Colour::Secondary, this)), m_column(new QVBoxLayout),
      m_buttons(new QHBoxLayout)
{
    setFrameShape(QFrame::NoFrame);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::k12 + kIconColumn, spacing::k12, spacing::k12, spacing::k12);
    row->setSpacing(spacing::k12);
    m_column->setSpacing(spacing::k2);
    m_column->addWidget(m_bold);
    m_column->addWidget(m_plain);
    row->addLayout(m_column, 1);
    m_buttons->setSpacing(spacing::k8);
    if (shape == Shape::Card) {
        m_column->addLayout(m_buttons);
        m_buttons->addStretch(1);
    } else {
        row->setContentsMargins(spacing::k12 + kIconColumn, spacing::k6, spacing::k12, spacing::k6);
        row->addLayout(m_buttons);
    }
    setText({}, {});
}

void Notice::setText(const QString &bold, const QString &plain)
{
    m_bold->setText(bold);
    m_plain->setText(plain);
    m_bold->setVisible(!bold.isEmpty());
    m_plain->setVisible(!plain.isEmpty());
    setAccessibleName(bold);
    setAccessibleDescription(plain);
}

void Notice::setTone(Tone tone, Icon icon)
{
    m_tone = tone;
    m_icon = icon == Icon::None ? toneIcon(tone) : icon;
    update();
}

QPushButton *Notice::addButton(const QString &text, ButtonKind kind)
{
    QPushButton *button = makeButton(text, kind, ButtonScale::Card, this);
    if (m_shape == Shape::Card) {
        m_buttons->setContentsMargins(0, spacing::k6, 0, 0);
        m_buttons->insertWidget(m_buttons->count() - 1, button);
    } else {
        m_buttons->addWidget(button);
    }
    return button;
}

void Notice::clearButtons()
{
    for (QPushButton *button : findChildren<QPushButton *>(QString(), Qt::FindDirectChildrenOnly)) {
        m_buttons->removeWidget(button);
        button->hide();
        button->deleteLater();
    }
    m_buttons->setContentsMargins(0, 0, 0, 0);
}

void Notice::paintEvent(QPaintEvent *)
{
    const Tokens &t = Theme::of(this).tokens();
    const ToneColours colours = toneColours(t, m_tone);
    QPainter painter(this);
    const QRectF box(rect());
    if (m_shape == Shape::Card) {
        paintBox(painter, box, radius::kCard, colours.fill, colours.frame);
    } else {
        painter.fillRect(box, colours.fill);
        paintHLine(painter, 0, box.width(), box.height() - ui::lineWidth(1, painterScale(painter)), colours.frame);
    }
    const qreal line = Theme::of(this).lineHeight(TypeRole::UiStrong);
    const QWidget *first = m_bold->isVisibleTo(this) ? m_bold : m_plain;
    const bool banner = m_shape == Shape::Banner;
    const QRectF cell(spacing::k12, banner ? 0 : first->y(), size::kIcon, banner ? box.height() : line);
    paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), cell.toRect()), m_icon, colours.text);
}

} // namespace tramontane::ui
