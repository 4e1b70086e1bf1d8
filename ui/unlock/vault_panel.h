// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/unlock/first_run_panel.h"
#include "ui/unlock/first_run_view_model.h"

namespace tramontane::ui {

class ChoiceCard;
class IconText;
class Notice;
class PassphraseEdit;

/// Panel 2: keychain or passphrase. The fields of the passphrase appear when it is chosen.
class VaultPanel : public FirstRunPanel {
    Q_OBJECT
public:
    explicit VaultPanel(FirstRunViewModel &model, QWidget *parent = nullptr);
    [[nodiscard]] QWidget *firstFocus() const override;
    /// Whether the vault can be made with what is chosen and typed.
    [[nodiscard]] bool complete() const;
    /// Makes the vault; with an incomplete passphrase says what is missing instead.
    void submit();

Q_SIGNALS:
    void completeChanged();

private:
    QWidget *makeFields();
    void refresh();
    void refreshHints();

    FirstRunViewModel &m_model;
    ChoiceCard *m_keychain;
    ChoiceCard *m_passphraseCard;
    QWidget *m_fields = nullptr;
    PassphraseEdit *m_first = nullptr;
    PassphraseEdit *m_second = nullptr;
    IconText *m_strength = nullptr;
    IconText *m_fault = nullptr;
    IconText *m_capsLock = nullptr;
    Notice *m_loss;
    Notice *m_problem;
    bool m_judge = false; // faults are told only after the person tried to go on
};

} // namespace tramontane::ui
