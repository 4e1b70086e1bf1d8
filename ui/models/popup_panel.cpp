// SPDX-License-Identifier: Apache-2.0
#include "ui/models/popup_panel.h"

#include "ui/models/model_list_delegate.h"
#include "ui/style/controls.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace tramontane::ui {
namespace {

constexpr int kMostRows = 7;

} // namespace

PopupPanel::PopupPanel(QAbstractItemModel &model, const QString &act, QWidget *window)
    : QWidget(window), m_box(new QWidget(this)), m_list(new QListView(m_box)),
      m_act(makeButton(act, ButtonKind::Quiet, ButtonScale::Normal, m_box))
{
    hide();
    m_list->setModel(&model);
    m_list->setItemDelegate(new ModelListDelegate(m_list));
    m_list->setFrameStyle(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Models"));
    m_list->installEventFilter(this);
    window->installEventFilter(this);
    m_act->setIcon(makeIcon(Icon::Plus));
    auto *column = new QVBoxLayout(m_box);
    column->setContentsMargins(1, spacing::k6, 1, spacing::k6);
    column->setSpacing(spacing::k4);
    column->addWidget(m_list);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(spacing::k8, 0, spacing::k8, 0);
    foot->addWidget(m_act);
    foot->addStretch();
    column->addLayout(foot);
    connect(m_list, &QListView::clicked, this, &PopupPanel::choose);
    connect(m_act, &QPushButton::clicked, this, [this] {
        dismiss();
        Q_EMIT actRequested();
    });
}

void PopupPanel::openBelow(const QWidget &anchor, int currentRow)
{
    const QAbstractItemModel &model = *m_list->model();
    const int rows = std::min(model.rowCount(), kMostRows);
    m_list->setFixedHeight(rows > 0 ? rows * m_list->sizeHintForRow(0) : 0);
    const QWidget &window = *parentWidget();
    setGeometry(window.rect());
    const int width = std::min(std::max(size::kRightPanel, anchor.width()), window.width() - 2 * spacing::k8);
    const QPoint below = anchor.mapTo(&window, QPoint(anchor.width() - width, anchor.height() + spacing::k4));
    const int left = std::clamp(below.x(), spacing::k8, std::max(spacing::k8, window.width() - width - spacing::k8));
    m_box->setGeometry(left, below.y(), width, m_box->sizeHint().height());
    m_list->setCurrentIndex(model.index(std::max(0, currentRow), 0));
    m_focusBefore = window.window()->focusWidget();
    show();
    raise();
    (rows > 0 ? static_cast<QWidget *>(m_list) : m_act)->setFocus(Qt::PopupFocusReason);
}

void PopupPanel::dismiss()
{
    if (!isVisible())
        return;
    hide();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::PopupFocusReason);
}

void PopupPanel::mousePressEvent(QMouseEvent *event)
{
    if (!m_box->geometry().contains(event->position().toPoint()))
        dismiss();
}

void PopupPanel::wheelEvent(QWheelEvent *event)
{
    event->accept();
}

void PopupPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    event->accept();
}

bool PopupPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) {
            choose(m_list->currentIndex());
            return true;
        }
        if (key == Qt::Key_Escape) {
            dismiss();
            return true;
        }
    }
    if (event->type() == QEvent::Resize && watched == parentWidget())
        dismiss();
    return QWidget::eventFilter(watched, event);
}

bool PopupPanel::focusNextPrevChild(bool)
{
    const bool toAct = m_list->hasFocus() || m_list->model()->rowCount() == 0;
    (toAct ? static_cast<QWidget *>(m_act) : m_list)->setFocus(Qt::TabFocusReason);
    return true;
}

void PopupPanel::choose(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    dismiss();
    Q_EMIT chosen(index.row());
}

void PopupPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    paintShadow(painter, m_box->geometry(), tokens);
    paintBox(painter, m_box->geometry(), radius::kCard, tokens.raised,
             tokens.isHighContrast() ? tokens.t1 : tokens.line2);
}

} // namespace tramontane::ui
