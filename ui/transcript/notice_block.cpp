// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/notice_block.h"

#include "app/core/error.h"
#include "ui/style/notice.h"
#include "ui/style/painting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kPad = 12;
constexpr qreal kTextLeft = 41;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::NoticeBlock)
};

// Something that stopped and can go on is amber, a rule is neutral, a fault is red.
Tone toneOf(const Leaf &leaf)
{
    if (leaf.kind == LeafKind::Notice)
        return Tone::Neutral;
    switch (errorCodeFromName(leaf.info.toStdString())) {
    case ErrorCode::EngineStopped:
    case ErrorCode::EngineBusy:
    case ErrorCode::ContextFull:
    case ErrorCode::Cancelled:
    case ErrorCode::NoSpace: return Tone::Warn;
    case ErrorCode::PolicyDenied:
    case ErrorCode::NetworkRefused: return Tone::Neutral;
    default: return Tone::Bad;
    }
}

Icon iconFor(const Leaf &leaf)
{
    if (leaf.kind == LeafKind::Notice)
        return Icon::Info;
    switch (toneOf(leaf)) {
    case Tone::Neutral: return Icon::Lock;
    case Tone::Warn: return Icon::Warning;
    default: return Icon::Error;
    }
}

int firstSentence(const QString &text)
{
    for (qsizetype i = 0; i + 1 < text.size(); ++i)
        if ((text.at(i) == u'.' || text.at(i) == u':') && text.at(i + 1).isSpace())
            return static_cast<int>(i) + 2;
    return static_cast<int>(text.size());
}

} // namespace

NoticeBlock::NoticeBlock(Leaf leaf) : BlockLayout(std::move(leaf))
{
    m_boldEnd = isError() ? firstSentence(m_leaf.text) : 0;
}

qreal NoticeBlock::estimate(qreal width, const Theme &theme) const
{
    const qreal line = theme.lineHeight(TypeRole::Ui);
    const qreal lines = std::ceil(m_leaf.text.size() * 6.5 / std::max(60.0, width - kTextLeft)) + 1;
    return 2 * kPad + lines * line + (isError() ? size::kCardButton + spacing::k8 : 0);
}

qreal NoticeBlock::layOut(qreal width, const Theme &theme)
{
    m_width = width;
    const qreal room = width - kTextLeft - kPad;
    qreal y = isError() ? kPad : kPad - 2;
    if (isError()) {
        m_bold.set(m_leaf.text.left(m_boldEnd).trimmed(), {}, {TypeRole::UiStrong, Qt::AlignLeft});
        y += m_bold.layOut(room, theme);
    }
    m_plainTop = y;
    if (m_boldEnd < length()) {
        m_plain.set(m_leaf.text.mid(m_boldEnd), {}, {TypeRole::Ui, Qt::AlignLeft, TextLines::Tint::Secondary});
        y += m_plain.layOut(room, theme);
    }
    const QFontMetricsF metrics(theme.font(TypeRole::Button));
    m_againWidth = std::ceil(metrics.horizontalAdvance(Words::tr("Ask again"))) + 2 * size::kButtonPadding;
    m_detailsWidth = std::ceil(metrics.horizontalAdvance(Words::tr("Details"))) + 2 * size::kButtonPadding;
    if (isError()) {
        m_buttonTop = y + spacing::k8;
        y = m_buttonTop + std::max<qreal>(size::kCardButton, theme.lineHeight(TypeRole::Button) + 10);
        if (m_details)
            y += spacing::k6 + theme.lineHeight(TypeRole::CodeHint);
    }
    m_height = y + (isError() ? kPad : kPad - 2);
    return m_height;
}

std::vector<HotSpot> NoticeBlock::hotSpots() const
{
    if (!isError())
        return {};
    const qreal height =
        m_height - m_buttonTop - kPad - (m_details ? m_height - kPad - m_buttonTop - size::kCardButton : 0);
    std::vector<HotSpot> spots;
    spots.push_back({QRectF(kTextLeft, m_buttonTop, m_againWidth, height),
                     HotAction::Again,
                     Words::tr("Ask again"),
                     {},
                     Icon::None,
                     false,
                     true});
    if (!m_leaf.info.isEmpty())
        spots.push_back({QRectF(kTextLeft + m_againWidth + spacing::k8, m_buttonTop, m_detailsWidth, height),
                         HotAction::ToggleFold,
                         Words::tr("Details"),
                         {},
                         Icon::None,
                         m_details});
    return spots;
}

void NoticeBlock::paintButtons(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    const std::vector<HotSpot> spots = hotSpots();
    paint.painter.setFont(paint.theme.font(TypeRole::Button));
    for (std::size_t i = 0; i < spots.size(); ++i) {
        const HotSpot &spot = spots[i];
        const auto index = static_cast<int>(i);
        const bool primary = spot.action == HotAction::Again;
        QColor fill = primary ? t.acc : QColor();
        if (index == paint.pressed)
            fill = primary ? t.accPress : t.press;
        else if (index == paint.hovered)
            fill = primary ? t.accHover : t.hover;
        if (fill.isValid())
            paintBox(paint.painter, spot.rect, radius::kControl, fill, {});
        if (index == paint.focused)
            paintFocusRing(paint.painter, spot.rect, radius::kControl, t);
        paint.painter.setPen(primary ? t.onAcc : t.t2);
        paint.painter.drawText(spot.rect, Qt::AlignCenter, spot.name);
    }
    if (m_details && !spots.empty()) {
        paint.painter.setFont(paint.theme.font(TypeRole::CodeHint));
        paint.painter.setPen(t.t2);
        paint.painter.drawText(QPointF(kTextLeft, m_height - kPad - 3), m_leaf.info);
    }
}

void NoticeBlock::paint(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    const ToneColours colours = toneColours(t, toneOf(m_leaf));
    paintBox(paint.painter, QRectF(0, 0, m_width, m_height), radius::kCard, colours.fill, colours.frame);
    const qreal line = paint.theme.lineHeight(TypeRole::Ui);
    paintIcon(paint.painter, QRectF(kPad, isError() ? kPad : kPad - 2, size::kIcon, line), iconFor(m_leaf),
              colours.text);
    if (isError())
        m_bold.paint(paint.painter, QPointF(kTextLeft, kPad), paint.theme, {}, paint.selectFrom,
                     std::min(paint.selectTo, m_boldEnd));
    if (m_boldEnd < length())
        m_plain.paint(paint.painter, QPointF(kTextLeft, m_plainTop), paint.theme, {},
                      std::max(0, paint.selectFrom - m_boldEnd), paint.selectTo - m_boldEnd);
    paintButtons(paint);
}

int NoticeBlock::positionAt(const QPointF &point) const
{
    if (point.y() >= m_height)
        return length();
    if (point.y() < m_plainTop)
        return isError() ? std::min(m_bold.positionAt(point - QPointF(kTextLeft, kPad)), m_boldEnd) : 0;
    if (m_boldEnd >= length())
        return length();
    return m_boldEnd + m_plain.positionAt(point - QPointF(kTextLeft, m_plainTop));
}

QRectF NoticeBlock::caretRect(int position) const
{
    if (position < m_boldEnd || m_boldEnd >= length())
        return m_bold.caretRect(position).translated(kTextLeft, kPad);
    return m_plain.caretRect(position - m_boldEnd).translated(kTextLeft, m_plainTop);
}

void NoticeBlock::toggle(HotAction action)
{
    if (action == HotAction::ToggleFold)
        m_details = !m_details;
}

} // namespace tramontane::ui
