// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/message_frame.h"

#include "ui/style/notice.h"
#include "ui/style/numbers.h"
#include "ui/style/painting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kAvatarGap = 12;
constexpr qreal kTextLeft = size::kAvatar + kAvatarGap;
constexpr qreal kGap = spacing::k8;
constexpr qreal kLeastName = 60;
constexpr qreal kStepperArrow = 24;
constexpr QLatin1StringView kBetweenFigures(" \xB7 ");

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::Message)
};

ChipLook toneChip(const Tokens &t, Tone tone, const QString &text, Icon icon)
{
    const ToneColours colours = toneColours(t, tone);
    return {text, icon, colours.text, colours.fill, colours.frame, TypeRole::Hint, size::kHeadChip, radius::kChip};
}

ChipLook labelChip(const Tokens &t, const QString &label)
{
    const bool restricted = label.compare(QLatin1StringView("restricted"), Qt::CaseInsensitive) == 0;
    return {label.toUpper(),
            Icon::None,
            restricted ? t.warn.text : t.t2,
            restricted ? t.warn.tint : QColor(),
            restricted ? t.warn.line : t.line2,
            TypeRole::Label,
            size::kLabel,
            4};
}

// As many figures as fit, whole ones only.
QString fitting(QString figures, const QFontMetricsF &metrics, qreal room)
{
    while (!figures.isEmpty() && numbersWidth(metrics, figures) > room)
        figures = figures.section(kBetweenFigures, 0, -2);
    return figures;
}

} // namespace

QString usageText(const MessageDisplay &display, const QLocale &locale)
{
    if (!display.usage)
        return {};
    const Usage &usage = *display.usage;
    QStringList parts{Words::tr("%1 tokens", nullptr, usage.answerTokens).arg(formatCount(usage.answerTokens, locale))};
    if (usage.tokensPerSecond > 0)
        parts << Words::tr("%1 tok/s").arg(formatDecimal(usage.tokensPerSecond, 1, locale));
    if (usage.totalMs > 0)
        parts << formatDuration(usage.totalMs, locale);
    if (display.energyMilliJoule)
        parts << Words::tr("%1\u202fkJ")
                     .arg(formatDecimal(static_cast<double>(*display.energyMilliJoule) / 1e6, 1, locale));
    return parts.join(kBetweenFigures);
}

QString stateWord(const MessageDisplay &display, MessageState state)
{
    if (display.streaming)
        return display.progress.isEmpty() ? Words::tr("writing") : display.progress;
    switch (state) {
    case MessageState::Complete: return {};
    case MessageState::Stopped: return Words::tr("stopped");
    case MessageState::Length: return Words::tr("length limit reached");
    case MessageState::CutOff: return Words::tr("cut off");
    case MessageState::Failed: return Words::tr("failed");
    }
    return {};
}

HeadBlock::HeadBlock(const TranscriptItem &item, const QLocale &locale)
    : BlockLayout({}), m_display(item.display), m_state(item.message.state), m_own(item.message.role == Role::User),
      m_time(item.message.createdMs > 0 ? formatTime(item.message.createdMs, locale) : QString())
{
}

QString HeadBlock::stateText() const
{
    return m_display.streaming ? stateWord(m_display, m_state) : m_time;
}

void HeadBlock::placeChips(const Theme &theme, qreal from, qreal end)
{
    const Tokens &t = theme.tokens();
    m_chips.clear();
    qreal x = from;
    const auto place = [&](const ChipLook &look, const QString &tooltip) {
        const qreal width = chipWidth(look, theme);
        // A chip that does not fit is left out whole; screen readers and the foot still say what it said.
        if (look.text.isEmpty() || x + width > end)
            return;
        m_chips.push_back({look, x, width, tooltip});
        x += width + kGap;
    };
    if (!m_display.streaming && m_state != MessageState::Complete)
        place(toneChip(t, m_state == MessageState::Failed ? Tone::Bad : Tone::Warn, stateWord(m_display, m_state),
                       Icon::None),
              {});
    place(toneChip(t, m_display.local ? Tone::Accent : Tone::Neutral, m_display.place,
                   m_display.local ? Icon::Lock : Icon::None),
          {});
    place(toneChip(t, m_display.deviceWanted ? Tone::Warn : Tone::Neutral, m_display.device,
                   m_display.deviceWanted ? Icon::Warning : Icon::None),
          m_display.deviceReason);
    if (!m_display.label.isEmpty())
        place(labelChip(t, m_display.label), {});
}

qreal HeadBlock::layOut(qreal width, const Theme &theme)
{
    m_width = width;
    m_height = std::max<qreal>(size::kAvatar, theme.lineHeight(TypeRole::UiStrong) + 8);
    const QFontMetricsF name(theme.font(TypeRole::UiStrong));
    const QFontMetricsF small(theme.font(TypeRole::Secondary));
    const qreal state = numbersWidth(small, stateText()) + kGap;
    const qreal end = width - state;
    m_nameWidth =
        std::clamp(std::ceil(name.horizontalAdvance(m_display.name)) + 1, 0.0, std::max(kLeastName, end - kTextLeft));
    placeChips(theme, kTextLeft + m_nameWidth + kGap, end);
    return m_height;
}

void HeadBlock::paintAvatar(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    const QRectF box(0, 0, size::kAvatar, size::kAvatar);
    if (!m_own) {
        paintBox(paint.painter, box, radius::kControl, t.tint, t.accLine);
        paintIcon(paint.painter, box, Icon::Cpu, t.acc);
        return;
    }
    paintBox(paint.painter, box, radius::kControl, t.hover, t.isHighContrast() ? t.line2 : QColor());
    if (m_display.initials.isEmpty()) {
        paintIcon(paint.painter, box, Icon::User, t.t2, 14);
        return;
    }
    paint.painter.setFont(paint.theme.font(TypeRole::Label));
    paint.painter.setPen(t.t2);
    paint.painter.drawText(box, Qt::AlignCenter, m_display.initials.left(2));
}

void HeadBlock::paint(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    paintAvatar(paint);
    painter.setFont(paint.theme.font(TypeRole::UiStrong));
    painter.setPen(t.t1);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(QRectF(kTextLeft, 0, m_nameWidth, m_height), Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(m_display.name, Qt::ElideRight, m_nameWidth));
    for (const Placed &chip : m_chips)
        paintChip(painter, QPointF(chip.x, m_height / 2), chip.width, chip.look, paint.theme);
    painter.setFont(paint.theme.font(TypeRole::Secondary));
    painter.setPen(m_display.streaming ? t.acc : t.t3);
    if (m_own)
        paintNumbers(painter, QRectF(kTextLeft + m_nameWidth + kGap, 0, m_width, m_height),
                     Qt::AlignLeft | Qt::AlignVCenter, stateText());
    else
        paintNumbers(painter, QRectF(0, 0, m_width, m_height), Qt::AlignRight | Qt::AlignVCenter, stateText());
}

QString HeadBlock::tooltipAt(const QPointF &point) const
{
    for (const Placed &chip : m_chips)
        if (point.x() >= chip.x && point.x() < chip.x + chip.width && point.y() >= 0 && point.y() < m_height)
            return chip.tooltip;
    return {};
}

FootBlock::FootBlock(const TranscriptItem &item, const QLocale &locale)
    : BlockLayout({}), m_version(item.display.version), m_versions(item.display.versions),
      m_figures(usageText(item.display, locale))
{
}

QString FootBlock::stepperText() const
{
    return QStringLiteral("%1/%2").arg(m_version).arg(m_versions);
}

qreal FootBlock::layOut(qreal width, const Theme &theme)
{
    m_width = width;
    m_height = std::max<qreal>(30, theme.lineHeight(TypeRole::Secondary) + 12);
    const QFontMetricsF metrics(theme.font(TypeRole::Button));
    m_stepperWidth = hasStepper() ? 2 * kStepperArrow + std::ceil(numbersWidth(metrics, stepperText())) + 4 : 0;
    return m_height;
}

std::vector<HotSpot> FootBlock::hotSpots() const
{
    const qreal side = size::kIconButton;
    const qreal top = (m_height - side) / 2;
    std::vector<HotSpot> spots;
    if (hasStepper()) {
        spots.push_back({QRectF(0, top, kStepperArrow, side),
                         HotAction::VersionBefore,
                         Words::tr("Previous version"),
                         {},
                         Icon::ChevronLeft,
                         false,
                         true});
        spots.push_back({QRectF(m_stepperWidth - kStepperArrow, top, kStepperArrow, side),
                         HotAction::VersionAfter,
                         Words::tr("Next version"),
                         {},
                         Icon::ChevronRight,
                         false,
                         true});
    }
    spots.push_back({QRectF(m_width - 2 * side - spacing::k2, top, side, side),
                     HotAction::CopyMessage,
                     Words::tr("Copy answer"),
                     {},
                     Icon::Copy});
    spots.push_back(
        {QRectF(m_width - side, top, side, side), HotAction::Again, Words::tr("Ask again"), {}, Icon::Again});
    return spots;
}

void FootBlock::paint(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    qreal x = 0;
    if (hasStepper()) {
        const QRectF box(0, (m_height - size::kIconButton) / 2, m_stepperWidth, size::kIconButton);
        paintBox(painter, box, radius::kControl, t.raised, t.line2);
        painter.setFont(paint.theme.font(TypeRole::Button));
        painter.setPen(t.t1);
        paintNumbers(painter, box, Qt::AlignHCenter | Qt::AlignVCenter, stepperText());
        x = m_stepperWidth + spacing::k12;
    }
    painter.setFont(paint.theme.font(TypeRole::Hint));
    painter.setPen(t.t3);
    const qreal room = m_width - x - 2 * size::kIconButton - spacing::k8;
    paintNumbers(painter, QRectF(x, 0, room, m_height), Qt::AlignLeft | Qt::AlignVCenter,
                 fitting(m_figures, QFontMetricsF(painter.font()), room));
    std::vector<HotSpot> spots = hotSpots();
    if (!paint.showActions)
        for (HotSpot &spot : spots)
            if (!spot.framed)
                spot.icon = Icon::None;
    paintHotIcons(paint, spots);
}

} // namespace tramontane::ui
