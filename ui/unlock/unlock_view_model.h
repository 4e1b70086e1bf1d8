// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/vault_service.h"

#include <QTimer>

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
    void unlockWithKeychain();

    [[nodiscard]] bool hasPassphrase() const { return m_hasPassphrase; }
    [[nodiscard]] bool hasKeychain() const { return m_hasKeychain; }
    [[nodiscard]] Way passphraseWay() const { return m_passphrase; }
    [[nodiscard]] Way keychainWay() const { return m_keychain; }
    /// The sentence under the passphrase field; empty when there is nothing to say.
    [[nodiscard]] const QString &passphraseProblem() const { return m_passphraseProblem; }
    [[nodiscard]] const QString &keychainProblem() const { return m_keychainProblem; }
    /// What keeps the vault closed whatever is typed: in use, damaged, newer, foreign. Nothing: it may be opened.
    [[nodiscard]] const std::optional<Error> &vaultProblem() const { return m_vaultProblem; }
    /// Seconds until another passphrase may be tried.
    [[nodiscard]] int pauseSecs() const { return m_pauseSecs; }

Q_SIGNALS:
    void changed();
    /// The passphrase did not open the vault: the field takes the focus, its text selected.
    void passphraseRefused();
    void unlocked(std::shared_ptr<tramontane::OpenVault> vault);

private:
    using Answer = Result<std::shared_ptr<OpenVault>>;
    void onStatus(const Result<VaultStatus> &result, bool tryKeychain);
    void onPassphrase(const Answer &answer);
    void onKeychain(const Answer &answer);
    void open(const std::shared_ptr<OpenVault> &vault);
    void startPause();

    VaultService &m_vault;
    bool m_hasPassphrase = false;
    bool m_hasKeychain = false;
    Way m_passphrase = Way::Idle;
    Way m_keychain = Way::Idle;
    QString m_passphraseProblem;
    QString m_keychainProblem;
    std::optional<Error> m_vaultProblem;
    QTimer m_slow;
    QTimer m_pause;
    int m_wrong = 0;
    int m_pauseSecs = 0;
    bool m_opened = false;
};

} // namespace tramontane::ui
