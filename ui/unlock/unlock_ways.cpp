// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/unlock_ways.h"

#include "ui/unlock/choice_card.h"

#include <QVBoxLayout>

#include <algorithm>

namespace tramontane::ui {

UnlockWays::UnlockWays(QWidget *parent)
    : QWidget(parent),
      m_keychain(new ChoiceCard(Icon::Key, tr("Keychain of this computer"), {}, ChoiceCard::Trailing::None, this)),
      m_passphrase(new ChoiceCard(Icon::Lock, tr("Passphrase"), tr("The one that was chosen for this vault"),
                                  ChoiceCard::Trailing::None, this)),
      m_recovery(new ChoiceCard(Icon::Printer, tr("Recovery code"), tr("The printed page with eight groups"),
                                ChoiceCard::Trailing::None, this)),
      m_organisation(new ChoiceCard(Icon::Users, tr("Organisation key"), {}, ChoiceCard::Trailing::None, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0); // the cards bring the room for their focus ring with them
    for (ChoiceCard *card : cards())
        column->addWidget(card);
    connect(m_keychain, &QAbstractButton::clicked, this, &UnlockWays::keychainChosen);
    connect(m_passphrase, &QAbstractButton::clicked, this, &UnlockWays::passphraseChosen);
    connect(m_recovery, &QAbstractButton::clicked, this, &UnlockWays::recoveryChosen);
    connect(m_organisation, &QAbstractButton::clicked, this, &UnlockWays::organisationChosen);
}

std::vector<ChoiceCard *> UnlockWays::cards() const
{
    return {m_keychain, m_passphrase, m_recovery, m_organisation};
}

void UnlockWays::refresh(const UnlockViewModel &model, SlotKind typed, bool closing)
{
    m_keychain->setVisible(model.has(SlotKind::Keychain));
    m_passphrase->setVisible(model.has(SlotKind::Passphrase) && typed != SlotKind::Passphrase);
    m_recovery->setVisible(model.has(SlotKind::Recovery) && typed != SlotKind::Recovery);
    m_organisation->setVisible(model.has(SlotKind::Organisation));
    for (ChoiceCard *card : cards())
        card->setEnabled(!closing);
    refreshKeychain(model);
    refreshOrganisation(model);
}

void UnlockWays::refreshKeychain(const UnlockViewModel &model)
{
    using Way = UnlockViewModel::Way;
    const Way way = model.keychainWay();
    const bool waiting = way == Way::Trying || way == Way::Slow;
    m_keychain->setTrailing(waiting ? ChoiceCard::Trailing::Busy : ChoiceCard::Trailing::None);
    switch (way) {
    case Way::Trying: m_keychain->setDetail(tr("Asking the keychain")); break;
    case Way::Slow: m_keychain->setDetail(tr("Slow to answer, still waiting")); break;
    case Way::Failed: m_keychain->setDetail(model.keychainProblem(), ElidedLabel::Colour::Bad); break;
    case Way::Idle: m_keychain->setDetail(tr("Opens with your sign-in to this computer")); break;
    }
}

void UnlockWays::refreshOrganisation(const UnlockViewModel &model)
{
    using Way = UnlockViewModel::Way;
    const Way way = model.organisationWay();
    m_organisation->setTrailing(way == Way::Trying ? ChoiceCard::Trailing::Busy : ChoiceCard::Trailing::None);
    if (way == Way::Trying)
        m_organisation->setDetail(tr("Opening…"));
    else if (way == Way::Failed)
        m_organisation->setDetail(model.organisationProblem(), ElidedLabel::Colour::Bad);
    else
        m_organisation->setDetail(tr("Needs a second person from your organisation"));
}

bool UnlockWays::anyShown() const
{
    const auto all = cards();
    return std::any_of(all.begin(), all.end(), [](const ChoiceCard *card) { return !card->isHidden(); });
}

void UnlockWays::focusFirst()
{
    for (ChoiceCard *card : cards()) {
        if (!card->isHidden())
            return card->setFocus(Qt::OtherFocusReason);
    }
}

bool UnlockWays::hasFocusInside() const
{
    const auto all = cards();
    return std::any_of(all.begin(), all.end(), [](const ChoiceCard *card) { return card->hasFocus(); });
}

} // namespace tramontane::ui
