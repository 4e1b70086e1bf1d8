// SPDX-License-Identifier: Apache-2.0
#include "ui/models/model_list_delegate.h"

#include "ui/models/model_picker_model.h"
#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QPainter>

namespace tramontane::ui {
namespace {

QColor dotColour(const Tokens &tokens, ModelLoadState state, bool refused)
{
    if (refused)
        return tokens.warn.text;
    switch (state) {
    case ModelLoadState::Ready: return tokens.ok.text;
    case ModelLoadState::Loading: return tokens.acc;
    case ModelLoadState::Failed: return tokens.bad.text;
    case ModelLoadState::Unloaded: break;
    }
    return tokens.ctl;
}

} // namespace

void ModelListDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::of(option.widget);
    const Tokens &tokens = theme.tokens();
    const QRectF row = QRectF(option.rect).adjusted(spacing::k4, 1, -spacing::k4, -1);
    const bool current = index.data(ModelPickerModel::CurrentRole).toBool();
    const bool chosen = option.state & QStyle::State_Selected;
    if (chosen || (option.state & QStyle::State_MouseOver))
        paintBox(*painter, row, radius::kRow, chosen ? tokens.sel : tokens.hover, {});
    const bool refused = index.data(ModelPickerModel::RefusedRole).toBool();
    const auto state = ModelLoadState(index.data(ModelPickerModel::StateRole).toInt());

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(dotColour(tokens, state, refused));
    const qreal firstLine = row.top() + spacing::k6 + theme.lineHeight(TypeRole::Ui) / 2;
    painter->drawEllipse(QPointF(row.left() + spacing::k12 + 4, firstLine), 4, 4);
    const qreal left = row.left() + spacing::k12 + 8 + spacing::k8;
    const qreal right = row.right() - spacing::k12 - size::kIcon - spacing::k8;
    const QRectF name(left, row.top() + spacing::k6, right - left, theme.lineHeight(TypeRole::Ui));
    painter->setFont(theme.font(TypeRole::UiStrong));
    painter->setPen(tokens.t1);
    painter->drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, int(name.width())));
    const QRectF detail(left, name.bottom(), right - left, theme.lineHeight(TypeRole::Hint));
    painter->setFont(theme.font(TypeRole::Hint));
    painter->setPen(refused ? tokens.warn.text : state == ModelLoadState::Failed ? tokens.bad.text : tokens.t3);
    const QString text = index.data(ModelPickerModel::DetailRole).toString();
    painter->drawText(detail, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, int(detail.width())));
    if (state == ModelLoadState::Loading) {
        const QRectF bar(left, detail.bottom() + spacing::k4, right - left, 3);
        paintBox(*painter, bar, 1.5, tokens.free, {});
        const qreal done = index.data(ModelPickerModel::ProgressRole).toDouble();
        paintBox(*painter, QRectF(bar.left(), bar.top(), bar.width() * done, bar.height()), 1.5, tokens.acc, {});
    }
    painter->restore();
    if (current) {
        const QRectF tick(row.right() - spacing::k12 - size::kIcon, row.top(), size::kIcon, row.height());
        paintIcon(*painter, tick, Icon::Check, tokens.acc);
    }
}

QSize ModelListDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const Theme &theme = Theme::of(option.widget);
    const qreal lines = theme.lineHeight(TypeRole::Ui) + theme.lineHeight(TypeRole::Hint);
    return {size::kRightPanel, int(lines) + 2 * spacing::k6 + spacing::k6};
}

} // namespace tramontane::ui
