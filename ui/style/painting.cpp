// SPDX-License-Identifier: Apache-2.0
#include "ui/style/painting.h"

#include "ui/style/metrics.h"
#include "ui/style/tokens.h"

#include <QPaintDevice>
#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>

#include <array>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr int kShadowBlur = 28;
constexpr int kShadowDrop = 10;

QPainterPath roundedPath(const QRectF &rect, qreal radius)
{
    QPainterPath path;
    const qreal limit = std::min(rect.width(), rect.height()) / 2;
    if (radius <= 0)
        path.addRect(rect);
    else
        path.addRoundedRect(rect, std::min(radius, limit), std::min(radius, limit));
    return path;
}

// A box blur three times over comes close to a Gaussian and costs the same for each radius.
void blurAlpha(QImage &image, int radius)
{
    std::vector<int> line(static_cast<std::size_t>(std::max(image.width(), image.height())));
    const auto pass = [&](int count, auto read, auto write) {
        int sum = 0;
        for (int i = -radius; i < count; ++i) {
            if (i + radius < count)
                sum += read(i + radius);
            if (i - radius - 1 >= 0)
                sum -= read(i - radius - 1);
            if (i >= 0)
                line[static_cast<std::size_t>(i)] = sum / (2 * radius + 1);
        }
        for (int i = 0; i < count; ++i)
            write(i, static_cast<uchar>(line[static_cast<std::size_t>(i)]));
    };
    for (int round = 0; round < 3; ++round) {
        for (int y = 0; y < image.height(); ++y) {
            uchar *row = image.scanLine(y);
            pass(
                image.width(), [&](int x) { return row[x]; }, [&](int x, uchar v) { row[x] = v; });
        }
        for (int x = 0; x < image.width(); ++x)
            pass(
                image.height(), [&](int y) { return image.constScanLine(y)[x]; },
                [&](int y, uchar v) { image.scanLine(y)[x] = v; });
    }
}

QPixmap shadowPixmap(const QColor &colour, qreal dpr)
{
    const QString key = QStringLiteral("tramontane-shadow/%1/%2").arg(colour.name(QColor::HexArgb)).arg(dpr);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const int side = qRound((2 * kShadowBlur + 2 * radius::kComposer + 2) * dpr) + kShadowBlur * 2;
    QImage mask(side, side, QImage::Format_Alpha8);
    mask.fill(0);
    {
        QPainter painter(&mask);
        painter.setRenderHint(QPainter::Antialiasing);
        const qreal inset = kShadowBlur * dpr;
        painter.fillPath(
            roundedPath(QRectF(0, 0, side, side).adjusted(inset, inset, -inset, -inset), radius::kComposer * dpr),
            Qt::black);
    }
    blurAlpha(mask, std::max(1, qRound(kShadowBlur * dpr / 6)));
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(QColor(colour.red(), colour.green(), colour.blue(), 255));
    {
        QPainter painter(&image);
        painter.setCompositionMode(QPainter::CompositionMode_DestinationIn);
        painter.drawImage(0, 0, mask);
        painter.fillRect(image.rect(), QColor(0, 0, 0, colour.alpha()));
    }
    pixmap = QPixmap::fromImage(image);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace

qreal painterScale(const QPainter &painter)
{
    return painter.device() ? painter.device()->devicePixelRatioF() : 1.0;
}

qreal snap(qreal value, qreal dpr)
{
    return std::round(value * dpr) / dpr;
}

QRectF snapped(const QRectF &rect, qreal dpr)
{
    return QRectF(QPointF(snap(rect.left(), dpr), snap(rect.top(), dpr)),
                  QPointF(snap(rect.right(), dpr), snap(rect.bottom(), dpr)));
}

qreal lineWidth(qreal width, qreal dpr)
{
    return std::max(1.0, std::floor(width * dpr + 0.01)) / dpr;
}

void paintBox(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &frame,
              qreal frameWidth)
{
    const qreal dpr = painterScale(painter);
    // A translated painter (a scrolled view) would move snapped edges off the grid again, so the device is asked.
    const QPointF origin = painter.deviceTransform().map(QPointF(0, 0)) / dpr;
    const QRectF outer = snapped(rect.translated(origin), dpr).translated(-origin);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, radius > 0);
    painter.setPen(Qt::NoPen);
    if (frame.isValid() && frame.alpha() > 0) {
        const qreal width = lineWidth(frameWidth, dpr);
        const QRectF inner = outer.adjusted(width, width, -width, -width);
        const QPainterPath innerPath = roundedPath(inner, std::max(0.0, radius - width));
        if (fill.isValid())
            painter.fillPath(innerPath, fill);
        painter.fillPath(roundedPath(outer, radius).subtracted(innerPath), frame);
    } else if (fill.isValid()) {
        painter.fillPath(roundedPath(outer, radius), fill);
    }
    painter.restore();
}

void paintDashedBox(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &frame)
{
    const qreal dpr = painterScale(painter);
    const qreal width = lineWidth(1, dpr);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF middle = snapped(rect, dpr).adjusted(width / 2, width / 2, -width / 2, -width / 2);
    QPen pen(frame, width, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({3.0, 2.5});
    painter.setPen(pen);
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(middle, radius, radius);
    painter.restore();
}

void paintHLine(QPainter &painter, qreal x1, qreal x2, qreal y, const QColor &colour, qreal width)
{
    const qreal dpr = painterScale(painter);
    const qreal origin = painter.deviceTransform().map(QPointF(0, 0)).y() / dpr;
    painter.fillRect(QRectF(x1, snap(y + origin, dpr) - origin, x2 - x1, lineWidth(width, dpr)), colour);
}

void paintVLine(QPainter &painter, qreal x, qreal y1, qreal y2, const QColor &colour, qreal width)
{
    const qreal dpr = painterScale(painter);
    const qreal origin = painter.deviceTransform().map(QPointF(0, 0)).x() / dpr;
    painter.fillRect(QRectF(snap(x + origin, dpr) - origin, y1, lineWidth(width, dpr), y2 - y1), colour);
}

void paintFocusRing(QPainter &painter, const QRectF &frame, qreal radius, const Tokens &tokens)
{
    constexpr qreal kOut = size::kFocusGap + size::kFocusRing;
    paintBox(painter, frame.adjusted(-kOut, -kOut, kOut, kOut), radius + kOut, {}, tokens.acc, size::kFocusRing);
}

void paintShadow(QPainter &painter, const QRectF &frame, const Tokens &tokens)
{
    if (tokens.shadow.alpha() == 0)
        return;
    const qreal dpr = painterScale(painter);
    const QPixmap pixmap = shadowPixmap(tokens.shadow, dpr);
    // A strip of two pixels in the middle stays for the edges.
    const qreal source = (pixmap.width() - 2) / 2.0;
    const qreal margin = kShadowBlur;
    const QRectF target = frame.adjusted(-margin, -margin + kShadowDrop, margin, margin + kShadowDrop);
    const qreal corner = std::min({source / dpr, target.width() / 2, target.height() / 2});
    const std::array<qreal, 4> tx{target.left(), target.left() + corner, target.right() - corner, target.right()};
    const std::array<qreal, 4> ty{target.top(), target.top() + corner, target.bottom() - corner, target.bottom()};
    const qreal cut = corner * dpr;
    const std::array<qreal, 4> s{0, cut, pixmap.width() - cut, qreal(pixmap.width())};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            painter.drawPixmap(QRectF(QPointF(tx[i], ty[j]), QPointF(tx[i + 1], ty[j + 1])), pixmap,
                               QRectF(QPointF(s[i], s[j]), QPointF(s[i + 1], s[j + 1])));
}

} // namespace tramontane::ui
