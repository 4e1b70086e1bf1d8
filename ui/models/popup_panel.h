// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QModelIndex>
#include <QPointer>
#include <QWidget>

class QAbstractItemModel;
class QListView;
class QPushButton;

namespace tramontane::ui {

/// The list that the model picker opens: elevation 2, rows, a tick, one act below. A layer over the whole window that
/// paints only its box, so that its shadow and corners are ours on every desktop and a click beside it ends it. Keeps
/// the focus until it closes and gives it back where it was. GUI thread.
class PopupPanel : public QWidget {
    Q_OBJECT
public:
    PopupPanel(QAbstractItemModel &model, const QString &act, QWidget *window);
    /// Below `anchor`, right edges in line, inside the window.
    void openBelow(const QWidget &anchor, int currentRow);
    void dismiss();

Q_SIGNALS:
    void chosen(int row);
    void actRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void choose(const QModelIndex &index);

    QWidget *m_box;
    QListView *m_list;
    QPushButton *m_act;
    QPointer<QWidget> m_focusBefore;
};

} // namespace tramontane::ui
