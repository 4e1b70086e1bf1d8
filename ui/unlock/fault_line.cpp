// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/fault_line.h"

#include "ui/style/icon_text.h"
#include "ui/style/metrics.h"

#include <QHBoxLayout>

namespace tramontane::ui {

FaultLine::FaultLine(QWidget *parent)
    : QWidget(parent), m_text(new TextLabel({}, TypeRole::Hint, ElidedLabel::Colour::Bad, this))
{
    auto *icon = new IconText(Icon::Error, {}, TypeRole::Hint, this);
    icon->setTone(Tone::Bad);
    icon->setFixedWidth(size::kIcon);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::k4);
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
}

void FaultLine::setText(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(text);
}

} // namespace tramontane::ui
