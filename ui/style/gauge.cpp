// SPDX-License-Identifier: Apache-2.0
#include "ui/style/gauge.h"

#include "ui/style/metrics.h"
#include "ui/style/numbers.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tramontane::ui {
namespace {

constexpr double kAmberAbove = 0.85;

QColor seriesColour(const Tokens &t, int series)
{
    switch (series) {
    case 1: return t.s1;
    case 2: return t.s2;
    case 3: return t.s3;
    case 4: return t.s4;
    default: return t.s5;
    }
}

qint64 sum(const std::vector<BarSegment> &segments)
{
    return std::accumulate(segments.begin(), segments.end(), qint64{0},
                           [](qint64 all, const BarSegment &segment) { return all + segment.value; });
}

} // namespace

void paintSegments(QPainter &painter, const QRectF &rect, const Tokens &tokens, const std::vector<BarSegment> &segments,
                   qint64 total)
{
    const qreal dpr = painterScale(painter);
    const qreal corner = rect.height() / 2;
    paintBox(painter, rect, corner, tokens.free, {});
    const qint64 used = sum(segments);
    const qint64 scale = std::max(total, used);
    if (scale <= 0)
        return;
    QPainterPath clip;
    clip.addRoundedRect(snapped(rect, dpr), corner, corner);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipPath(clip);
    qreal x = rect.left();
    const auto piece = [&](qint64 value, const QColor &colour) {
        const qreal end = x + rect.width() * static_cast<double>(value) / static_cast<double>(scale);
        const qreal gap = lineWidth(1, dpr);
        if (end - x > gap)
            painter.fillRect(QRectF(QPointF(snap(x, dpr), rect.top()), QPointF(snap(end, dpr) - gap, rect.bottom())),
                             colour);
        x = end;
    };
    qint64 room = total;
    for (const BarSegment &segment : segments) {
        const qint64 inside = std::min(segment.value, std::max<qint64>(room, 0));
        if (inside > 0)
            piece(inside, seriesColour(tokens, segment.series));
        room -= segment.value;
    }
    if (used > total)
        piece(used - total, tokens.bad.text);
    painter.restore();
}

SegmentBar::SegmentBar(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SegmentBar::setSegments(std::vector<BarSegment> segments, qint64 total, const QString &valueText)
{
    m_segments = std::move(segments);
    m_total = total;
    setAccessibleDescription(valueText);
    setToolTip(valueText);
    update();
}

void SegmentBar::setBarHeight(int height)
{
    m_height = height;
    updateGeometry();
}

QSize SegmentBar::sizeHint() const
{
    return {size::kGaugeWidth, m_height};
}

void SegmentBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintSegments(painter, QRectF(rect()), Theme::of(this).tokens(), m_segments, m_total);
}

ContextGauge::ContextGauge(QWidget *parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Context"));
}

void ContextGauge::setUsage(std::vector<BarSegment> segments, qint64 total)
{
    m_segments = std::move(segments);
    m_total = total;
    const int percent = total > 0 ? qRound(100.0 * static_cast<double>(used()) / static_cast<double>(total)) : 0;
    setAccessibleDescription(tr("%1 of %2 tokens, %3 percent")
                                 .arg(formatCount(used(), locale()), formatCount(total, locale()))
                                 .arg(percent));
    setToolTip(accessibleDescription());
    updateGeometry();
    update();
}

qint64 ContextGauge::used() const
{
    return sum(m_segments);
}

QString ContextGauge::valueText() const
{
    if (m_total <= 0)
        return {};
    return tr("%1 of %2").arg(formatShortCount(used(), locale()), formatShortCount(m_total, locale()));
}

QSize ContextGauge::sizeHint() const
{
    if (m_total <= 0)
        return {0, size::kTarget};
    const QFontMetricsF metrics(Theme::of(this).font(TypeRole::Hint), this);
    return {size::kGaugeWidth + spacing::k8 + static_cast<int>(std::ceil(numbersWidth(metrics, valueText())))
                + 2 * spacing::k4,
            size::kTarget};
}

void ContextGauge::paintEvent(QPaintEvent *)
{
    if (m_total <= 0)
        return;
    const Theme &theme = Theme::of(this);
    const Tokens &t = theme.tokens();
    QPainter painter(this);
    if (underMouse() || (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)))
        paintBox(painter, QRectF(rect()), radius::kControl, underMouse() ? t.hover : QColor(),
                 hasFocus() ? t.acc : QColor(), size::kFocusRing);
    const QRectF bar(spacing::k4, (height() - size::kGaugeHeight) / 2.0, size::kGaugeWidth, size::kGaugeHeight);
    paintSegments(painter, bar, t, m_segments, m_total);
    const bool amber = static_cast<double>(used()) > kAmberAbove * static_cast<double>(m_total);
    painter.setFont(theme.font(TypeRole::Hint));
    painter.setPen(amber ? t.warn.text : t.t3);
    paintNumbers(painter, QRectF(rect()).adjusted(0, 0, -spacing::k4, 0), Qt::AlignRight | Qt::AlignVCenter,
                 valueText());
}

} // namespace tramontane::ui
