// SPDX-License-Identifier: Apache-2.0
#include "ui/style/tramontane_style.h"

#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/style_parts.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

static void initIconResource()
{
    Q_INIT_RESOURCE(tramontane_icons);
}

namespace tramontane::ui {
namespace {

bool desktopIsDark()
{
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

Icon standardOwnIcon(QStyle::StandardPixmap pixmap)
{
    switch (pixmap) {
    case QStyle::SP_MessageBoxInformation:
    case QStyle::SP_MessageBoxQuestion: return Icon::Info;
    case QStyle::SP_MessageBoxWarning: return Icon::Warning;
    case QStyle::SP_MessageBoxCritical: return Icon::Error;
    case QStyle::SP_LineEditClearButton:
    case QStyle::SP_TitleBarCloseButton:
    case QStyle::SP_DialogCloseButton: return Icon::Close;
    case QStyle::SP_DirIcon:
    case QStyle::SP_DirOpenIcon: return Icon::Folder;
    case QStyle::SP_FileIcon: return Icon::File;
    default: return Icon::None;
    }
}

} // namespace

TramontaneStyle::TramontaneStyle()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), m_theme(std::make_unique<Theme>())
{
    initIconResource();
    setObjectName(QStringLiteral("tramontane"));
}

TramontaneStyle::~TramontaneStyle() = default;

QPalette TramontaneStyle::standardPalette() const
{
    return m_theme->palette();
}

QIcon TramontaneStyle::standardIcon(StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const
{
    const Icon own = standardOwnIcon(pixmap);
    if (own != Icon::None)
        return makeIcon(own, m_theme->tokens().t2);
    return QProxyStyle::standardIcon(pixmap, option, widget);
}

void TramontaneStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget)
        || qobject_cast<QScrollBar *>(widget) || qobject_cast<QTabBar *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (auto *view = qobject_cast<QAbstractItemView *>(widget)) {
        view->viewport()->setAttribute(Qt::WA_Hover);
        if (view->parentWidget() && view->parentWidget()->inherits("QComboBoxPrivateContainer"))
            view->viewport()->setBackgroundRole(QPalette::ToolTipBase); // a popover is `raised`
    }
    if (auto *header = qobject_cast<QHeaderView *>(widget))
        header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    if (auto *scroll = qobject_cast<QScrollBar *>(widget))
        scroll->setAttribute(Qt::WA_OpaquePaintEvent, false);
}

bool TramontaneStyle::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ThemeChange && watched->isWindowType()
        && m_theme->choice() == ThemeChoice::FollowDesktop) {
        // Without an own palette the application shows the desktop's for a moment; nothing is painted in between.
        QApplication::setPalette(QPalette());
        m_theme->setDesktop(desktopIsDark(), m_theme->tokens().isHighContrast());
    }
    return QProxyStyle::eventFilter(watched, event);
}

Theme &installStyle(QApplication &application, ThemeChoice choice)
{
    const bool dark = desktopIsDark();
    auto *style = new TramontaneStyle;
    QApplication::setStyle(style); // takes ownership
    Theme &theme = style->theme();
    theme.setDesktop(dark, false);
    theme.setChoice(choice);
    application.installEventFilter(style);
    return theme;
}

} // namespace tramontane::ui
