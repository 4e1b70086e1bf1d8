// SPDX-License-Identifier: Apache-2.0
#include "ui/style/icons.h"

#include "ui/style/painting.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>

#include <array>
#include <cmath>
#include <utility>

namespace tramontane::ui {
namespace {

constexpr int kGrid = 16;

using Named = std::pair<Icon, const char *>;
constexpr std::array kNames{
    Named{Icon::Again, "again"},
    Named{Icon::ArrowUp, "arrow-up"},
    Named{Icon::Attach, "attach"},
    Named{Icon::Audit, "audit"},
    Named{Icon::Bolt, "bolt"},
    Named{Icon::Branch, "branch"},
    Named{Icon::Chat, "chat"},
    Named{Icon::Check, "check"},
    Named{Icon::CheckCircle, "check-circle"},
    Named{Icon::ChevronDown, "chevron-down"},
    Named{Icon::ChevronLeft, "chevron-left"},
    Named{Icon::ChevronRight, "chevron-right"},
    Named{Icon::ChevronUp, "chevron-up"},
    Named{Icon::Clock, "clock"},
    Named{Icon::Close, "close"},
    Named{Icon::CloudOff, "cloud-off"},
    Named{Icon::Copy, "copy"},
    Named{Icon::Cpu, "cpu"},
    Named{Icon::Documents, "documents"},
    Named{Icon::Download, "download"},
    Named{Icon::Edit, "edit"},
    Named{Icon::Error, "error"},
    Named{Icon::Export, "export"},
    Named{Icon::Eye, "eye"},
    Named{Icon::EyeOff, "eye-off"},
    Named{Icon::File, "file"},
    Named{Icon::Filter, "filter"},
    Named{Icon::Folder, "folder"},
    Named{Icon::Hash, "hash"},
    Named{Icon::Info, "info"},
    Named{Icon::Key, "key"},
    Named{Icon::Lines, "lines"},
    Named{Icon::Lock, "lock"},
    Named{Icon::Minus, "minus"},
    Named{Icon::Models, "models"},
    Named{Icon::Moon, "moon"},
    Named{Icon::More, "more"},
    Named{Icon::PanelRight, "panel-right"},
    Named{Icon::Pause, "pause"},
    Named{Icon::Pin, "pin"},
    Named{Icon::Plus, "plus"},
    Named{Icon::Printer, "printer"},
    Named{Icon::Prompt, "prompt"},
    Named{Icon::Search, "search"},
    Named{Icon::Settings, "settings"},
    Named{Icon::ShieldCheck, "shield-check"},
    Named{Icon::Split, "split"},
    Named{Icon::Star, "star"},
    Named{Icon::Stop, "stop"},
    Named{Icon::Sun, "sun"},
    Named{Icon::Table, "table"},
    Named{Icon::Tool, "tool"},
    Named{Icon::Trash, "trash"},
    Named{Icon::Unlock, "unlock"},
    Named{Icon::User, "user"},
    Named{Icon::Users, "users"},
    Named{Icon::Warning, "warning"},
    Named{Icon::Wrap, "wrap"},
};

constexpr QLatin1StringView kPrefix("tramontane/");

// The mask of exactly the wanted size, else the next larger one (downscaling stays sharp, upscaling does not).
int scaleFor(int devicePixels)
{
    for (const int scale : iconScales())
        if (kGrid * scale / 100 >= devicePixels)
            return scale;
    return iconScales().back();
}

QImage maskOf(Icon icon, int devicePixels)
{
    QImage image(QStringLiteral(":/tramontane/icons/%1/%2.png").arg(scaleFor(devicePixels)).arg(iconName(icon)));
    if (!image.isNull() && image.width() != devicePixels)
        image = image.scaled(devicePixels, devicePixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    return image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
}

class MaskEngine final : public QIconEngine {
public:
    MaskEngine(Icon icon, const QColor &colour) : m_icon(icon), m_colour(colour) {}
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        paintIcon(*painter, rect, m_icon, m_colour, std::min(rect.width(), rect.height()));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode, QIcon::State) override
    {
        return iconPixmap(m_icon, m_colour, std::min(size.width(), size.height()), 1.0);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode, QIcon::State, qreal scale) override
    {
        return iconPixmap(m_icon, m_colour, std::min(size.width(), size.height()) / scale, scale);
    }
    QIconEngine *clone() const override { return new MaskEngine(m_icon, m_colour); }
    QString key() const override { return QString(kPrefix); }
    QString iconName() override { return kPrefix + ui::iconName(m_icon); }
    bool isNull() override { return m_icon == Icon::None; }

private:
    Icon m_icon;
    QColor m_colour;
};

} // namespace

QString iconName(Icon icon)
{
    for (const auto &[value, name] : kNames)
        if (value == icon)
            return QString::fromLatin1(name);
    return {};
}

const std::vector<Icon> &allIcons()
{
    static const std::vector<Icon> all = [] {
        std::vector<Icon> icons;
        icons.reserve(kNames.size());
        for (const auto &entry : kNames)
            icons.push_back(entry.first);
        return icons;
    }();
    return all;
}

const std::vector<int> &iconScales()
{
    static const std::vector<int> scales{100, 125, 150, 175, 200, 250, 300};
    return scales;
}

QPixmap iconPixmap(Icon icon, const QColor &colour, qreal side, qreal dpr)
{
    if (icon == Icon::None)
        return {};
    const int pixels = std::max(1, qRound(side * dpr));
    const QString key = QStringLiteral("tramontane-icon/%1/%2/%3/%4")
                            .arg(static_cast<int>(icon))
                            .arg(colour.name(QColor::HexArgb))
                            .arg(pixels)
                            .arg(dpr);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QImage image = maskOf(icon, pixels);
    if (image.isNull())
        return {};
    QPainter painter(&image);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(image.rect(), colour);
    painter.end();
    pixmap = QPixmap::fromImage(image);
    pixmap.setDevicePixelRatio(dpr);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintIcon(QPainter &painter, const QRectF &rect, Icon icon, const QColor &colour, qreal side)
{
    const qreal dpr = painterScale(painter);
    const QPixmap pixmap = iconPixmap(icon, colour, side, dpr);
    if (pixmap.isNull())
        return;
    const QPointF origin = painter.deviceTransform().map(QPointF(0, 0)) / dpr;
    const QPointF corner = rect.center() - QPointF(side, side) / 2 + origin;
    const bool smooth = painter.testRenderHint(QPainter::SmoothPixmapTransform);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(QPointF(snap(corner.x(), dpr), snap(corner.y(), dpr)) - origin, pixmap);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
}

QIcon makeIcon(Icon icon, const QColor &fallback)
{
    return icon == Icon::None ? QIcon() : QIcon(new MaskEngine(icon, fallback));
}

Icon iconOf(const QIcon &icon)
{
    const QString name = icon.isNull() ? QString() : icon.name();
    if (!name.startsWith(kPrefix))
        return Icon::None;
    for (const auto &[value, own] : kNames)
        if (QStringView(name).mid(kPrefix.size()) == QLatin1StringView(own))
            return value;
    return Icon::None;
}

void paintMark(QPainter &painter, const QRectF &rect, const QColor &square, const QColor &line)
{
    const qreal side = std::min(rect.width(), rect.height());
    const QRectF box(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side);
    paintBox(painter, box, side / 4, square, {});
    const auto at = [&](qreal x, qreal y) { return box.topLeft() + QPointF(x, y) * side / 28; };
    QPainterPath path;
    path.moveTo(at(7, 7.5));
    path.lineTo(at(21, 7.5));
    path.moveTo(at(5.5, 20.5));
    path.lineTo(at(12, 10.75));
    path.lineTo(at(15.5, 16));
    path.lineTo(at(18, 13));
    path.lineTo(at(22.5, 20.5));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(line, side / 28 * 2.1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.restore();
}

} // namespace tramontane::ui
