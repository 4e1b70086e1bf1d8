// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/unlock_view_model.h"

#include "app/contracts/when_ready.h"
#include "ui/unlock/secret_files.h"

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
    m_kinds.clear();
    for (const SlotInfo &slot : result->slots)
        m_kinds.insert(slot.kind);
    if (!result->owner.empty()) {
        m_vaultProblem = Error{ErrorCode::VaultInUse,
                               tr("Another program has this vault open: %1. Close it there, then try again.")
                                   .arg(QString::fromStdString(result->owner))
                                   .toStdString(),
                               {}};
    }
    Q_EMIT changed();
    if (tryKeychain && has(SlotKind::Keychain) && !m_vaultProblem)
        unlockWithKeychain();
}

bool UnlockViewModel::beginTyped(const std::shared_ptr<SecretBytes> &secret)
{
    if (m_opened || m_typed == Way::Trying || m_pauseSecs > 0 || !secret || secret->empty())
        return false;
    m_typed = Way::Trying;
    m_typedProblem.clear();
    Q_EMIT changed();
    return true;
}

void UnlockViewModel::unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase)
{
    if (!beginTyped(passphrase))
        return;
    whenReady(this, m_vault.unlockWithPassphrase(std::move(passphrase)),
              [this](const Answer &answer) { onTyped(answer, tr("The passphrase does not open this vault.")); });
}

void UnlockViewModel::unlockWithRecoveryCode(std::shared_ptr<SecretBytes> code)
{
    if (!beginTyped(code))
        return;
    whenReady(this, m_vault.unlockWithRecoveryCode(code),
              [this](const Answer &answer) { onTyped(answer, tr("This code does not open this vault.")); });
}

void UnlockViewModel::forgetTyped()
{
    if (m_typed == Way::Trying)
        return;
    m_typed = Way::Idle;
    m_typedProblem.clear();
    Q_EMIT changed();
}

void UnlockViewModel::unlockWithOrganisationKey(const QStringList &paths)
{
    if (m_opened || m_organisation == Way::Trying)
        return;
    m_organisation = Way::Trying;
    m_organisationProblem.clear();
    Q_EMIT changed();
    const auto opened = andThen(this, readSecretFiles(paths),
                                [this](const SecretFiles &files) { return m_vault.unlockWithOrganisationKey(files); });
    whenReady(this, opened, [this](const Answer &answer) { onOrganisation(answer); });
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

void UnlockViewModel::onTyped(const Answer &answer, const QString &doesNotFit)
{
    if (answer.ok()) {
        open(answer.value());
        return;
    }
    if (m_opened)
        return;
    m_typed = Way::Failed;
    const Error &error = answer.error();
    if (concernsVault(error.code))
        m_vaultProblem = error;
    else
        m_typedProblem = error.code == ErrorCode::WrongPassphrase ? doesNotFit : QString::fromStdString(error.message);
    if (error.code == ErrorCode::WrongPassphrase && ++m_wrong >= kFreeAttempts)
        startPause();
    Q_EMIT changed();
    Q_EMIT typedRefused();
}

void UnlockViewModel::onOrganisation(const Answer &answer)
{
    if (answer.ok()) {
        open(answer.value());
        return;
    }
    if (m_opened)
        return;
    m_organisation = Way::Failed;
    const Error &error = answer.error();
    if (concernsVault(error.code) && error.code != ErrorCode::IoFailed)
        m_vaultProblem = error;
    m_organisationProblem = error.code == ErrorCode::WrongPassphrase ? tr("This key does not open this vault.")
                                                                     : QString::fromStdString(error.message);
    Q_EMIT changed();
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
