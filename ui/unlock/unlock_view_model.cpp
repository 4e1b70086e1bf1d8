// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/unlock_view_model.h"

#include "app/contracts/when_ready.h"

#include <algorithm>

namespace tramontane::ui {
namespace {

/// Errors that say something about the vault itself, not about the key that was tried.
bool concernsVault(ErrorCode code)
{
    switch (code) {
    case ErrorCode::WrongPassphrase:
    case ErrorCode::KeychainUnavailable:
    case ErrorCode::KeychainLocked:
    case ErrorCode::KeychainEntryMissing:
    case ErrorCode::Cancelled:
    case ErrorCode::InvalidArgument: return false;
    default: return true;
    }
}

} // namespace

UnlockViewModel::UnlockViewModel(VaultService &vault, QObject *parent) : QObject(parent), m_vault(vault)
{
    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlowMs);
    connect(&m_slow, &QTimer::timeout, this, [this] {
        if (m_keychain != Way::Trying)
            return;
        m_keychain = Way::Slow;
        Q_EMIT changed();
    });
    m_pause.setInterval(1000);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (--m_pauseSecs <= 0)
            m_pause.stop();
        Q_EMIT changed();
    });
}

void UnlockViewModel::start(bool tryKeychain)
{
    m_vaultProblem.reset();
    whenReady(this, m_vault.status(),
              [this, tryKeychain](const Result<VaultStatus> &result) { onStatus(result, tryKeychain); });
}

void UnlockViewModel::onStatus(const Result<VaultStatus> &result, bool tryKeychain)
{
    if (!result) {
        m_vaultProblem = result.error();
        Q_EMIT changed();
        return;
    }
    const auto has = [&](SlotKind kind) {
        return std::any_of(result->slots.begin(), result->slots.end(),
                           [kind](const auto &slot) { return slot.kind == kind; });
    };
    m_hasPassphrase = has(SlotKind::Passphrase);
    m_hasKeychain = has(SlotKind::Keychain);
    if (!result->owner.empty()) {
        m_vaultProblem = Error{ErrorCode::VaultInUse,
                               tr("Another program has this vault open: %1. Close it there, then try again.")
                                   .arg(QString::fromStdString(result->owner))
                                   .toStdString(),
                               {}};
    }
    Q_EMIT changed();
    if (tryKeychain && m_hasKeychain && !m_vaultProblem)
        unlockWithKeychain();
}

void UnlockViewModel::unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase)
{
    if (m_opened || m_passphrase == Way::Trying || m_pauseSecs > 0 || !passphrase || passphrase->empty())
        return;
    m_passphrase = Way::Trying;
    m_passphraseProblem.clear();
    Q_EMIT changed();
    whenReady(this, m_vault.unlockWithPassphrase(std::move(passphrase)),
              [this](const Answer &answer) { onPassphrase(answer); });
}

void UnlockViewModel::unlockWithKeychain()
{
    if (m_opened || m_keychain == Way::Trying || m_keychain == Way::Slow)
        return;
    m_keychain = Way::Trying;
    m_keychainProblem.clear();
    m_slow.start();
    Q_EMIT changed();
    whenReady(this, m_vault.unlockWithKeychain(), [this](const Answer &answer) { onKeychain(answer); });
}

void UnlockViewModel::onPassphrase(const Answer &answer)
{
    if (answer.ok()) {
        open(answer.value());
        return;
    }
    if (m_opened)
        return;
    m_passphrase = Way::Failed;
    const Error &error = answer.error();
    if (concernsVault(error.code))
        m_vaultProblem = error;
    else if (error.code == ErrorCode::WrongPassphrase)
        m_passphraseProblem = tr("The passphrase does not open this vault.");
    else
        m_passphraseProblem = QString::fromStdString(error.message);
    if (error.code == ErrorCode::WrongPassphrase && ++m_wrong >= kFreeAttempts)
        startPause();
    Q_EMIT changed();
    Q_EMIT passphraseRefused();
}

void UnlockViewModel::startPause()
{
    m_pauseSecs = std::min(kLongestPauseSecs, 1 << std::min(m_wrong - kFreeAttempts + 1, 10));
    m_pause.start();
}

void UnlockViewModel::onKeychain(const Answer &answer)
{
    m_slow.stop();
    if (answer.ok()) {
        open(answer.value());
        return;
    }
    if (m_opened)
        return;
    m_keychain = Way::Failed;
    if (concernsVault(answer.error().code))
        m_vaultProblem = answer.error();
    m_keychainProblem = QString::fromStdString(answer.error().message);
    Q_EMIT changed();
}

void UnlockViewModel::open(const std::shared_ptr<OpenVault> &vault)
{
    // Two ways may be tried at once: the first one counts, and the second finds the vault in use.
    if (m_opened)
        return;
    m_opened = true;
    m_slow.stop();
    m_pause.stop();
    m_vaultProblem.reset();
    Q_EMIT unlocked(vault);
}

} // namespace tramontane::ui
