// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLocale>
#include <QRectF>
#include <QString>

class QFontMetricsF;
class QPainter;

// Figures that do not dance: each digit is painted on the advance of the widest one (Qt 6.4 cannot switch on tabular
// digits). Minus is U+2212; groups and units are set apart by a narrow no-break space where the locale says so.
namespace tramontane::ui {

/// Width of `text` when painted with paintNumbers().
[[nodiscard]] qreal numbersWidth(const QFontMetricsF &metrics, const QString &text);
/// Paints one line of text with the painter's font and pen; `align` as in QPainter::drawText.
void paintNumbers(QPainter &painter, const QRectF &rect, Qt::Alignment align, const QString &text);

/// "11,904"; U+2212 for a minus.
[[nodiscard]] QString formatCount(qint64 value, const QLocale &locale);
/// "11.9k", "412": short form for gauges.
[[nodiscard]] QString formatShortCount(qint64 value, const QLocale &locale);
/// "68.4": `decimals` digits after the point.
[[nodiscard]] QString formatDecimal(double value, int decimals, const QLocale &locale);
/// "6.1 s", "2 min 4 s" from milliseconds.
[[nodiscard]] QString formatDuration(qint64 milliseconds, const QLocale &locale);
/// "1.4 GB" from bytes.
[[nodiscard]] QString formatBytes(qint64 bytes, const QLocale &locale);
/// "09:41", short time of day in local time, from milliseconds since 1970 UTC.
[[nodiscard]] QString formatTime(qint64 utcMs, const QLocale &locale);

} // namespace tramontane::ui
