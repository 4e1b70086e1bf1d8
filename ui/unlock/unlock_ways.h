// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/unlock/unlock_view_model.h"

#include <QWidget>

namespace tramontane::ui {

class ChoiceCard;

/// The ways to open the vault beside the one that is being typed, as cards below each other. GUI thread.
class UnlockWays : public QWidget {
    Q_OBJECT
public:
    explicit UnlockWays(QWidget *parent = nullptr);
    /// `typed`: what the field above asks for, so it needs no card. While the vault is being closed nothing can be chosen.
    void refresh(const UnlockViewModel &model, SlotKind typed, bool closing);
    /// Whether any card is shown.
    [[nodiscard]] bool anyShown() const;
    /// Gives the focus to the first card.
    void focusFirst();
    [[nodiscard]] bool hasFocusInside() const;

Q_SIGNALS:
    void keychainChosen();
    void passphraseChosen();
    void recoveryChosen();
    void organisationChosen();

private:
    void refreshKeychain(const UnlockViewModel &model);
    void refreshOrganisation(const UnlockViewModel &model);
    [[nodiscard]] std::vector<ChoiceCard *> cards() const;

    ChoiceCard *m_keychain;
    ChoiceCard *m_passphrase;
    ChoiceCard *m_recovery;
    ChoiceCard *m_organisation;
};

} // namespace tramontane::ui
