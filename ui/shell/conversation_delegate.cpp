// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/conversation_delegate.h"

#include "ui/chat/conversation_list_model.h"
#include "ui/style/numbers.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QLineEdit>
#include <QPainter>
#include <QTextLayout>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr QChar kMatchBegin(u'\u0002');
constexpr QChar kMatchEnd(u'\u0003');
constexpr int kMostLead = 14; // characters before the first match
constexpr int kDot = 7;
constexpr int kSectionHeight = 34;
using Kind = ConversationListModel::Kind;

Kind kindOf(const QModelIndex &index)
{
    return Kind(index.data(ConversationListModel::KindRole).toInt());
}

void paintSnippet(QPainter &painter, const QRectF &box, const QString &snippet, const Theme &theme)
{
    const SnippetText parsed = parseSnippet(snippet);
    painter.setFont(theme.font(TypeRole::Hint));
    const QString shown = painter.fontMetrics().elidedText(parsed.text, Qt::ElideRight, int(box.width()));
    QTextLayout layout(shown, painter.font());
    QList<QTextLayout::FormatRange> formats;
    for (const auto &[start, length] : parsed.matches) {
        QTextCharFormat format;
        format.setForeground(theme.tokens().acc);
        format.setFontWeight(QFont::DemiBold);
        formats.push_back({start, length, format});
    }
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(box.width() * 2);
    layout.endLayout();
    painter.setPen(theme.tokens().t3);
    painter.setClipRect(box);
    layout.draw(&painter, QPointF(box.left(), box.top() + (box.height() - line.height()) / 2));
    painter.setClipping(false);
}

} // namespace

SnippetText parseSnippet(const QString &snippet)
{
    QString text = snippet;
    const int first = int(text.indexOf(kMatchBegin));
    if (first > kMostLead) {
        const int space = int(text.indexOf(QLatin1Char(' '), first - kMostLead));
        text = QStringLiteral("… ") + text.mid(space >= 0 && space < first ? space + 1 : first);
    }
    SnippetText out;
    int begin = -1;
    for (const QChar c : text) {
        if (c == kMatchBegin) {
            begin = int(out.text.size());
        } else if (c == kMatchEnd) {
            if (begin >= 0)
                out.matches.emplace_back(begin, int(out.text.size()) - begin);
            begin = -1;
        } else {
            out.text.append(c);
        }
    }
    return out;
}

void ConversationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::of(option.widget);
    const QRectF row = QRectF(option.rect).adjusted(spacing::k8, 0, -spacing::k8, 0);
    painter->save();
    if (kindOf(index) == Kind::Section) {
        painter->setFont(theme.font(TypeRole::Caption));
        painter->setPen(theme.tokens().t2);
        const QRectF text(row.left() + spacing::k8, row.bottom() - spacing::k24, row.width() - spacing::k16,
                          spacing::k24 - 2);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
    } else {
        paintRow(*painter, row, option, index);
    }
    painter->restore();
}

void ConversationDelegate::paintRow(QPainter &painter, const QRectF &row, const QStyleOptionViewItem &option,
                                    const QModelIndex &index) const
{
    const Theme &theme = Theme::of(option.widget);
    const Tokens &tokens = theme.tokens();
    const bool selected = option.state & QStyle::State_Selected;
    const bool focused = option.state & QStyle::State_HasFocus;
    if (selected)
        paintBox(painter, row, radius::kRow, tokens.sel, focused || tokens.isHighContrast() ? tokens.acc : QColor(), 2);
    else if (option.state & QStyle::State_MouseOver)
        paintBox(painter, row, radius::kRow, tokens.hover, {});
    const bool hit = kindOf(index) == Kind::Hit;
    const bool running = index.data(ConversationListModel::RunningRole).toBool();
    const qreal lineHeight = theme.lineHeight(TypeRole::Ui);
    const qreal top = hit ? row.top() + spacing::k4 : row.top() + (row.height() - lineHeight) / 2;
    qreal right = row.right() - spacing::k8;

    painter.setFont(theme.font(TypeRole::Hint));
    const QString time = index.data(ConversationListModel::TimeRole).toString();
    const qreal timeWidth = numbersWidth(QFontMetricsF(painter.font(), painter.device()), time);
    if (running) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.acc);
        painter.drawEllipse(QPointF(right - kDot / 2.0, top + lineHeight / 2), kDot / 2.0, kDot / 2.0);
        right -= kDot + spacing::k8;
    } else {
        painter.setPen(tokens.t3);
        paintNumbers(painter, QRectF(right - timeWidth, top, timeWidth, lineHeight), Qt::AlignVCenter | Qt::AlignRight,
                     time);
        right -= timeWidth + spacing::k8;
    }
    painter.setFont(theme.font(TypeRole::Ui));
    painter.setPen(tokens.t1);
    const QRectF title(row.left() + spacing::k8, top, right - row.left() - spacing::k8, lineHeight);
    painter.drawText(title, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, int(title.width())));
    if (hit) {
        const QRectF snippet(title.left(), title.bottom(), row.width() - spacing::k16,
                             theme.lineHeight(TypeRole::Hint) + 2);
        paintSnippet(painter, snippet, index.data(ConversationListModel::SnippetRole).toString(), theme);
    }
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::of(option.widget);
    const qreal factor = theme.textFactor();
    switch (kindOf(index)) {
    case Kind::Section: return {0, int(std::ceil((index.row() == 0 ? size::kListRow : kSectionHeight) * factor))};
    case Kind::Hit: return {0, int(std::ceil(size::kFileRow * factor))};
    case Kind::Conversation: break;
    }
    return {0, int(std::ceil(size::kListRow * factor))};
}

QWidget *ConversationDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const
{
    // With a frame and a surface of its own: the row below it stays painted.
    auto *field = new QLineEdit(parent);
    field->setAccessibleName(tr("Title of the chat"));
    return field;
}

void ConversationDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                                const QModelIndex &) const
{
    editor->setGeometry(option.rect.adjusted(spacing::k8, 0, -spacing::k8, 0));
}

} // namespace tramontane::ui
