// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

#include <vector>

namespace tramontane::ui {

/// Rows of the sidebar: captions, conversations (28 high), hits with a second line (46 high). GUI thread.
class ConversationDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                                        const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;

private:
    void paintRow(QPainter &painter, const QRectF &row, const QStyleOptionViewItem &option,
                  const QModelIndex &index) const;
};

/// The snippet of a hit without its marks, cut at the left so that the first match can be seen, and where the matches
/// lie in it. Never fails: marks that do not pair are dropped.
struct SnippetText {
    QString text;
    std::vector<std::pair<int, int>> matches; // start, length
};
[[nodiscard]] SnippetText parseSnippet(const QString &snippet);

} // namespace tramontane::ui
