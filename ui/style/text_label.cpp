// SPDX-License-Identifier: Apache-2.0
#include "ui/style/controls.h"
#include "ui/style/theme.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr int kPreferredWidth = 440;
constexpr int kLeastWidth = 40;

/// The text in lines of at most `width`; each paragraph begins a line of its own.
std::vector<std::pair<QString, qreal>> brokenLines(const QString &text, const QFont &font, qreal width)
{
    std::vector<std::pair<QString, qreal>> lines;
    for (const QString &paragraph : text.split(QLatin1Char('\n'))) {
        QTextLayout layout(paragraph, font);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(std::max<qreal>(1, width));
            lines.emplace_back(paragraph.mid(line.textStart(), line.textLength()).trimmed(), line.naturalTextWidth());
        }
        layout.endLayout();
    }
    return lines;
}

} // namespace

QColor labelColour(const Tokens &t, ElidedLabel::Colour colour)
{
    switch (colour) {
    case ElidedLabel::Colour::Primary: return t.t1;
    case ElidedLabel::Colour::Secondary: return t.t2;
    case ElidedLabel::Colour::Hint: return t.t3;
    case ElidedLabel::Colour::Accent: return t.acc;
    case ElidedLabel::Colour::Ok: return t.ok.text;
    case ElidedLabel::Colour::Warn: return t.warn.text;
    case ElidedLabel::Colour::Bad: return t.bad.text;
    }
    return t.t1;
}

TextLabel::TextLabel(const QString &text, TypeRole role, ElidedLabel::Colour colour, QWidget *parent)
    : QLabel(text, parent), m_role(role), m_colour(colour)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    restyle();
    // A label with all colours of its own hears nothing of those of the application.
    connect(&Theme::of(this), &Theme::changed, this, &TextLabel::restyle);
}

void TextLabel::setRole(TypeRole role)
{
    m_role = role;
    restyle();
    updateGeometry();
}

void TextLabel::setColour(ElidedLabel::Colour colour)
{
    m_colour = colour;
    restyle();
}

int TextLabel::linesAt(qreal width) const
{
    return static_cast<int>(brokenLines(text(), font(), width).size());
}

QSize TextLabel::sizeHint() const
{
    const QMargins margins = contentsMargins();
    qreal natural = 0;
    for (const QString &paragraph : text().split(QLatin1Char('\n')))
        natural = std::max(natural, QFontMetricsF(font(), this).horizontalAdvance(paragraph));
    const int width =
        std::min(static_cast<int>(std::ceil(natural)) + 1, kPreferredWidth) + margins.left() + margins.right();
    return {width, heightForWidth(width)};
}

QSize TextLabel::minimumSizeHint() const
{
    const QMargins margins = contentsMargins();
    const int line = static_cast<int>(std::ceil(Theme::of(this).lineHeight(m_role)));
    const int width = std::min(kLeastWidth, sizeHint().width() - margins.left() - margins.right());
    return {width + margins.left() + margins.right(), line + margins.top() + margins.bottom()};
}

int TextLabel::heightForWidth(int width) const
{
    const QMargins margins = contentsMargins();
    const qreal lines = linesAt(width - margins.left() - margins.right());
    return static_cast<int>(std::ceil(lines * Theme::of(this).lineHeight(m_role))) + margins.top() + margins.bottom();
}

void TextLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    const QRectF box = contentsRect();
    const qreal height = Theme::of(this).lineHeight(m_role);
    const Qt::Alignment across = QStyle::visualAlignment(layoutDirection(), alignment()) & Qt::AlignHorizontal_Mask;
    const auto lines = brokenLines(text(), font(), box.width());
    const qreal slack = box.height() - height * static_cast<qreal>(lines.size());
    qreal top = box.top() + (alignment() & Qt::AlignTop ? 0 : std::max(0.0, slack / 2));
    for (const auto &[line, width] : lines) {
        painter.drawText(QRectF(box.left(), top, box.width(), height), Qt::AlignVCenter | across | Qt::TextSingleLine,
                         line);
        top += height;
    }
}

void TextLabel::restyle()
{
    if (m_restyling)
        return;
    m_restyling = true;
    const Theme &theme = Theme::of(this);
    setFont(theme.font(m_role));
    QPalette colours = theme.palette();
    colours.setColor(QPalette::WindowText, labelColour(theme.tokens(), m_colour));
    setPalette(colours);
    m_restyling = false;
}

void TextLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ApplicationFontChange
        || event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        restyle();
}

} // namespace tramontane::ui
