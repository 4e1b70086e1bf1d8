// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/privacy_panel.h"

#include "ui/style/icon_text.h"
#include "ui/style/notice.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;

QWidget *fact(Icon icon, const QString &title, const QString &text)
{
    auto *row = new Surface(Surface::Fill::None, Surface::Edge::Top);
    auto *mark = new IconText(icon);
    mark->setTone(Tone::Accent);
    mark->setFixedWidth(size::kIcon);
    auto *words = new QVBoxLayout;
    words->setSpacing(spacing::k2);
    words->addWidget(new TextLabel(title, TypeRole::UiStrong));
    words->addWidget(new TextLabel(text, TypeRole::Hint, ElidedLabel::Colour::Secondary));
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, spacing::k12, 0, spacing::k12);
    line->setSpacing(spacing::k16);
    line->addWidget(mark, 0, Qt::AlignTop);
    line->addLayout(words, 1);
    return row;
}

} // namespace

PrivacyPanel::PrivacyPanel(QWidget *parent)
    : FirstRunPanel(tr("What leaves this machine"),
                    tr("Nothing. This version opens no connection at all, and there is nothing to agree to here."),
                    parent)
{
    auto *facts = new QVBoxLayout;
    facts->setContentsMargins(kRing, kRing, kRing, 0);
    facts->setSpacing(0);
    facts->addWidget(fact(Icon::CloudOff, tr("No account, no telemetry, no update check"),
                          tr("Models and answers stay on this computer")));
    facts->addWidget(fact(Icon::ShieldCheck, tr("Encrypted on disk"), tr("Chats, titles and the search index")));
    facts->addWidget(fact(Icon::Audit, tr("A log of what was done, without content"),
                          tr("Times, models and decisions; never what you wrote")));
    facts->addWidget(fact(Icon::Cpu, tr("Models run in a closed process"),
                          tr("It has no key, no network and no folder to write to")));
    auto *end = new Surface(Surface::Fill::None, Surface::Edge::Top);
    end->setFixedHeight(1);
    facts->addWidget(end);
    facts->addSpacing(spacing::k16);
    auto *limit = new Notice(Tone::Neutral);
    limit->setText({}, tr("A person with administrator rights on this computer can still do harm, and so can whoever "
                          "sees your screen while the vault is open."));
    facts->addWidget(limit);
    column().addLayout(facts);
    column().addStretch();
}

} // namespace tramontane::ui
