// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

// The own icon set: alpha masks, rasterised at build time from resources/icons/<name>.svg, tinted when painted.
// GUI thread only.
namespace tramontane::ui {

enum class Icon {
    None,
    Again,
    ArrowUp,
    Attach,
    Audit,
    Bolt,
    Branch,
    Chat,
    Check,
    CheckCircle,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Clock,
    Close,
    CloudOff,
    Copy,
    Cpu,
    Documents,
    Download,
    Edit,
    Error,
    Export,
    Eye,
    EyeOff,
    File,
    Filter,
    Folder,
    Hash,
    Info,
    Key,
    Lines,
    Lock,
    Minus,
    Models,
    Moon,
    More,
    PanelRight,
    Pause,
    Pin,
    Plus,
    Printer,
    Prompt,
    Search,
    Settings,
    ShieldCheck,
    Split,
    Star,
    Stop,
    Sun,
    Table,
    Tool,
    Trash,
    Unlock,
    User,
    Users,
    Warning,
    Wrap,
};

/// The name of the SVG without its ending, e.g. "arrow-up"; empty for None.
[[nodiscard]] QString iconName(Icon icon);
/// Every icon but None, for tests and the gallery.
[[nodiscard]] const std::vector<Icon> &allIcons();
/// The scales, in percent, at which each icon was rasterised.
[[nodiscard]] const std::vector<int> &iconScales();

/// A tinted pixmap of `side` logical pixels with that device pixel ratio; cached. Null for None. An icon whose mask is
/// missing from the program gives a null pixmap (a test looks for each).
[[nodiscard]] QPixmap iconPixmap(Icon icon, const QColor &colour, qreal side, qreal dpr);
/// Paints `icon` centred in `rect` with a side of `side` logical pixels, on whole device pixels.
void paintIcon(QPainter &painter, const QRectF &rect, Icon icon, const QColor &colour, qreal side = 16);

/// For QAbstractButton::setIcon and QAction::setIcon. TramontaneStyle recognises it and tints it with the colour of
/// the text beside it; a foreign style paints it in `fallback`.
[[nodiscard]] QIcon makeIcon(Icon icon, const QColor &fallback = Qt::gray);
/// Which of ours a QIcon is; None for a foreign one.
[[nodiscard]] Icon iconOf(const QIcon &icon);

/// The mark: accent square with a radius of 25 %, a ridge and a straight line above it.
void paintMark(QPainter &painter, const QRectF &rect, const QColor &square, const QColor &line);

} // namespace tramontane::ui
