// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QRectF>

class QPainter;

// Crisp shapes at any scale. GUI thread only. All rectangles are in logical pixels.
namespace tramontane::ui {

struct Tokens;

/// The device pixel ratio that `painter` draws with.
[[nodiscard]] qreal painterScale(const QPainter &painter);
/// `value` moved to a whole device pixel.
[[nodiscard]] qreal snap(qreal value, qreal dpr);
/// All four edges on whole device pixels.
[[nodiscard]] QRectF snapped(const QRectF &rect, qreal dpr);
/// The width of a line that is `width` logical pixels thick: whole device pixels, at least one.
[[nodiscard]] qreal lineWidth(qreal width, qreal dpr);

/// A filled box with a frame inside its edge: an outer path minus an inner one, so that 125 % and 150 % stay even.
/// An invalid colour leaves out fill or frame.
void paintBox(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &frame,
              qreal frameWidth = 1);
/// As paintBox, frame dashed (something expected, or still being written).
void paintDashedBox(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &frame);
/// A divider of one device pixel row or more.
void paintHLine(QPainter &painter, qreal x1, qreal x2, qreal y, const QColor &colour, qreal width = 1);
void paintVLine(QPainter &painter, qreal x, qreal y1, qreal y2, const QColor &colour, qreal width = 1);
/// The focus ring: 2 px thick, 2 px outside `frame` (which has the given radius).
void paintFocusRing(QPainter &painter, const QRectF &frame, qreal radius, const Tokens &tokens);
/// The shadow of a popover around `frame`, from a nine-patch made once per colour and scale.
void paintShadow(QPainter &painter, const QRectF &frame, const Tokens &tokens);

} // namespace tramontane::ui
