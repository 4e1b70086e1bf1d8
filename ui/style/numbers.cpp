// SPDX-License-Identifier: Apache-2.0
#include "ui/style/numbers.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kNarrowSpace(0x202F);

qreal digitWidth(const QFontMetricsF &metrics)
{
    qreal widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QChar(digit)));
    return widest;
}

// Visits `text` as digits (one by one) and runs of everything else, each with its width.
template <class Visit>
void eachPiece(const QFontMetricsF &metrics, const QString &text, Visit visit)
{
    const qreal digit = digitWidth(metrics);
    qsizetype start = 0;
    while (start < text.size()) {
        if (text.at(start).isDigit()) {
            visit(text.mid(start, 1), digit, true);
            ++start;
            continue;
        }
        qsizetype end = start;
        while (end < text.size() && !text.at(end).isDigit())
            ++end;
        const QString run = text.mid(start, end - start);
        visit(run, metrics.horizontalAdvance(run), false);
        start = end;
    }
}

// Qt writes a plain minus in most locales, and a wide no-break space between groups in some.
QString typographic(QString text)
{
    text.replace(u'-', kMinus);
    text.replace(QChar(0x00A0), kNarrowSpace);
    return text;
}

// Units are translated: "s", "min" and "k" differ between languages. The space before a unit is U+202F.
struct Units {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::Units)
};

} // namespace

qreal numbersWidth(const QFontMetricsF &metrics, const QString &text)
{
    qreal width = 0;
    eachPiece(metrics, text, [&](const QString &, qreal advance, bool) { width += advance; });
    return width;
}

void paintNumbers(QPainter &painter, const QRectF &rect, Qt::Alignment align, const QString &text)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    qreal x = rect.left();
    if (align & Qt::AlignRight)
        x = rect.right() - numbersWidth(metrics, text);
    else if (align & Qt::AlignHCenter)
        x = rect.center().x() - numbersWidth(metrics, text) / 2;
    qreal baseline = rect.top() + metrics.ascent();
    if (align & Qt::AlignVCenter)
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    else if (align & Qt::AlignBottom)
        baseline = rect.bottom() - metrics.descent();
    eachPiece(metrics, text, [&](const QString &piece, qreal advance, bool digit) {
        const qreal inset = digit ? (advance - metrics.horizontalAdvance(piece)) / 2 : 0;
        painter.drawText(QPointF(x + inset, baseline), piece);
        x += advance;
    });
}

QString formatCount(qint64 value, const QLocale &locale)
{
    return typographic(locale.toString(value));
}

QString formatShortCount(qint64 value, const QLocale &locale)
{
    if (std::abs(value) < 1000)
        return formatCount(value, locale);
    // A context of 32,768 tokens is called 32k by everybody, so exact multiples of 1024 are divided by that.
    if (value % 1024 == 0)
        return Units::tr("%1k").arg(formatCount(value / 1024, locale));
    return Units::tr("%1k").arg(formatDecimal(static_cast<double>(value) / 1000, 1, locale));
}

QString formatDecimal(double value, int decimals, const QLocale &locale)
{
    return typographic(locale.toString(value, 'f', decimals));
}

QString formatDuration(qint64 milliseconds, const QLocale &locale)
{
    const double seconds = static_cast<double>(milliseconds) / 1000;
    if (seconds < 10)
        return Units::tr("%1\u202fs").arg(formatDecimal(seconds, milliseconds < 1000 ? 2 : 1, locale));
    if (seconds < 60)
        return Units::tr("%1\u202fs").arg(formatDecimal(seconds, seconds < 20 ? 1 : 0, locale));
    const qint64 whole = milliseconds / 1000;
    return Units::tr("%1\u202fmin %2\u202fs").arg(formatCount(whole / 60, locale), formatCount(whole % 60, locale));
}

QString formatBytes(qint64 bytes, const QLocale &locale)
{
    return typographic(locale.formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat));
}

QString formatTime(qint64 utcMs, const QLocale &locale)
{
    return locale.toString(QDateTime::fromMSecsSinceEpoch(utcMs).time(), QLocale::ShortFormat);
}

} // namespace tramontane::ui
