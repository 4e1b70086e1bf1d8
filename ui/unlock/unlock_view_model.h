// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/vault_service.h"

#include <QStringList>
#include <QTimer>

#include <set>

namespace tramontane::ui {

/// What the unlock screen shows and does. Lives in the GUI thread; the vault stays untouched after every failure.
class UnlockViewModel : public QObject {
    Q_OBJECT
public:
    enum class Way { Idle, Trying, Slow, Failed };

    static constexpr int kSlowMs = 3000;    // a keychain that has not answered by then is called slow
    static constexpr int kFreeAttempts = 3; // wrong passphrases before the first pause
    static constexpr int kLongestPauseSecs = 30;

    explicit UnlockViewModel(VaultService &vault, QObject *parent = nullptr);

    /// Reads which ways there are. With `tryKeychain` the keychain is asked at once when there is such a slot; after a
    /// person has locked, it is not.
    void start(bool tryKeychain);
    void unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase);
    /// `code` as it was typed.
    void unlockWithRecoveryCode(std::shared_ptr<SecretBytes> code);
    void unlockWithKeychain();
    /// The organisation's key file, or its two halves.
    void unlockWithOrganisationKey(const QStringList &paths);
    /// Another way is typed now: what was said of the last one no longer counts.
    void forgetTyped();

    [[nodiscard]] bool has(SlotKind kind) const { return m_kinds.contains(kind); }
    /// Of what is typed: a passphrase or a recovery code.
    [[nodiscard]] Way typedWay() const { return m_typed; }
    [[nodiscard]] Way keychainWay() const { return m_keychain; }
    [[nodiscard]] Way organisationWay() const { return m_organisation; }
    /// The sentence under the field; empty when there is nothing to say.
    [[nodiscard]] const QString &typedProblem() const { return m_typedProblem; }
    [[nodiscard]] const QString &keychainProblem() const { return m_keychainProblem; }
    [[nodiscard]] const QString &organisationProblem() const { return m_organisationProblem; }
    /// What keeps the vault closed whatever is typed: in use, damaged, newer, foreign. Nothing: it may be opened.
    [[nodiscard]] const std::optional<Error> &vaultProblem() const { return m_vaultProblem; }
    /// Seconds until something else may be typed and tried.
    [[nodiscard]] int pauseSecs() const { return m_pauseSecs; }

Q_SIGNALS:
    void changed();
    /// What was typed did not open the vault: the field takes the focus, its text selected.
    void typedRefused();
    void unlocked(std::shared_ptr<tramontane::OpenVault> vault);

private:
    using Answer = Result<std::shared_ptr<OpenVault>>;
    void onStatus(const Result<VaultStatus> &result, bool tryKeychain);
    [[nodiscard]] bool beginTyped(const std::shared_ptr<SecretBytes> &secret);
    void onTyped(const Answer &answer, const QString &doesNotFit);
    void onKeychain(const Answer &answer);
    void onOrganisation(const Answer &answer);
    void open(const std::shared_ptr<OpenVault> &vault);
    void startPause();

    VaultService &m_vault;
    std::set<SlotKind> m_kinds; // that this vault has
    Way m_typed = Way::Idle;
    Way m_keychain = Way::Idle;
    Way m_organisation = Way::Idle;
    QString m_typedProblem;
    QString m_keychainProblem;
    QString m_organisationProblem;
    std::optional<Error> m_vaultProblem;
    QTimer m_slow;
    QTimer m_pause;
    int m_wrong = 0;
    int m_pauseSecs = 0;
    bool m_opened = false;
};

} // namespace tramontane::ui
