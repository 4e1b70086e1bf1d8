// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/icon_badge.h"

#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr int kSide = 44;
constexpr int kIconSide = 20;

} // namespace

IconBadge::IconBadge(Icon icon, QWidget *parent) : QWidget(parent), m_icon(icon)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void IconBadge::setIcon(Icon icon)
{
    m_icon = icon;
    update();
}

QSize IconBadge::sizeHint() const
{
    return {kSide, kSide};
}

void IconBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    paintBox(painter, rect(), radius::kCard, tokens.tint, tokens.accLine);
    paintIcon(painter, rect(), m_icon, tokens.acc, kIconSide);
}

} // namespace tramontane::ui
