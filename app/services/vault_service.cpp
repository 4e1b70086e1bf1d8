// SPDX-License-Identifier: Apache-2.0
#include "app/services/vault_service.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"
#include "app/services/passphrase_rules.h"
#include "app/services/slot_secret.h"

#include <QCryptographicHash>
#include <QDir>

#include <algorithm>
#include <utility>

namespace tramontane {
namespace {

constexpr qsizetype kEntryDigits = 32;

bool sameBytes(const SecretBytes &a, const SecretBytes &b)
{
    const auto left = a.bytes();
    const auto right = b.bytes();
    return std::equal(left.begin(), left.end(), right.begin(), right.end());
}

/// Where policy leaves no other way, nobody is sent to a passphrase that will be refused.
Error withoutKeychain(const Error &error, const EffectivePolicy &policy)
{
    const bool keychain = error.code == ErrorCode::KeychainUnavailable || error.code == ErrorCode::KeychainLocked;
    if (!keychain || mayUseSlot(policy, std::string(slotKindName(SlotKind::Passphrase))).allowed)
        return error;
    return Error{
        error.code,
        "No vault was made: your administrator allows only the keychain of this system, and it cannot be used. "
        "Unlock it, or ask your administrator. Rule: vault.slots.",
        error.detail};
}

Error vaultExists()
{
    return Error{ErrorCode::VaultExists, "There is a vault already. Nothing was changed; open it instead.", {}};
}

} // namespace

std::string keychainEntryName(const std::string &vaultDirectory)
{
    const QByteArray clean = QDir::cleanPath(QString::fromStdString(vaultDirectory)).toUtf8();
    const QByteArray digest = QCryptographicHash::hash(clean, QCryptographicHash::Sha256).toHex();
    return "vault/" + digest.left(kEntryDigits).toStdString();
}

VaultService::VaultService(VaultStore &store, SecretStore &secrets, PolicySource &policy, QObject *parent)
    : QObject(parent), m_store(store), m_secrets(secrets), m_policy(policy)
{
}

Async<VaultStatus> VaultService::status()
{
    return m_store.status();
}

Async<std::shared_ptr<OpenVault>> VaultService::createWithPassphrase(std::shared_ptr<SecretBytes> passphrase)
{
    using Answer = std::shared_ptr<OpenVault>;
    if (const auto decision = mayUseSlot(m_policy.current(), "passphrase"); !decision.allowed)
        return ready<Answer>(records::denied(decision, "No vault was made"));
    if (!longEnough(passphrase))
        return ready<Answer>(
            Error{ErrorCode::InvalidArgument, "No vault was made: a passphrase needs at least 8 characters.", {}});
    return m_store.create({SlotKind::Passphrase, std::move(passphrase)});
}

Async<std::shared_ptr<OpenVault>> VaultService::createWithKeychain()
{
    using Answer = std::shared_ptr<OpenVault>;
    if (const auto decision = mayUseSlot(m_policy.current(), "keychain"); !decision.allowed)
        return ready<Answer>(records::denied(decision, "No vault was made"));
    const auto made = andThen(this, m_store.status(), [this](const VaultStatus &status) {
        if (status.exists)
            return ready<Answer>(vaultExists());
        return createWithEntry(keychainEntryName(status.directory));
    });
    Deferred<Answer> answer;
    whenReady(this, made, [this, answer](const Result<Answer> &vault) {
        answer.resolve(vault ? vault : Result<Answer>(withoutKeychain(vault.error(), m_policy.current())));
    });
    return answer.future();
}

Async<std::shared_ptr<OpenVault>> VaultService::createWithEntry(const std::string &entry)
{
    Deferred<std::shared_ptr<OpenVault>> answer;
    whenReady(this, m_secrets.read(entry), [this, entry, answer](const Result<std::shared_ptr<SecretBytes>> &found) {
        const bool there = found && (*found)->size() == Key32::kSize;
        if (!there && found.ok())
            return answer.resolve(Error{ErrorCode::KeychainUnavailable,
                                        "No vault was made: the keychain holds something else under our name.",
                                        "entry " + entry});
        if (!there && found.error().code != ErrorCode::KeychainEntryMissing)
            return answer.resolve(found.error());
        // A key that lies there already belonged to a vault that was moved or deleted. It is used again and never
        // overwritten: a vault that is put back must still open.
        if (there)
            return makeVault(entry, *found, false, answer);
        const auto key = std::make_shared<SecretBytes>(SecretBytes::copyOf(Key32::random().bytes()));
        whenReady(this, m_secrets.write(entry, key), [this, entry, key, answer](const Status &written) {
            if (!written)
                return answer.resolve(written.error());
            makeVault(entry, key, true, answer);
        });
    });
    return answer.future();
}

void VaultService::makeVault(const std::string &entry, const std::shared_ptr<SecretBytes> &key, bool ownEntry,
                             const Deferred<std::shared_ptr<OpenVault>> &answer)
{
    whenReady(this, m_store.create({SlotKind::Keychain, key}),
              [this, entry, key, ownEntry, answer](const Result<std::shared_ptr<OpenVault>> &vault) {
                  if (vault)
                      return confirmEntry(entry, key, *vault, answer);
                  if (!ownEntry)
                      return answer.resolve(vault.error());
                  takeBackEntry(entry, key, vault.error(), answer);
              });
}

void VaultService::confirmEntry(const std::string &entry, const std::shared_ptr<SecretBytes> &key,
                                const std::shared_ptr<OpenVault> &vault,
                                const Deferred<std::shared_ptr<OpenVault>> &answer)
{
    whenReady(this, m_secrets.read(entry),
              [this, entry, key, vault, answer](const Result<std::shared_ptr<SecretBytes>> &found) {
                  if (found && sameBytes(**found, *key))
                      return answer.resolve(vault);
                  const Error error{ErrorCode::KeychainUnavailable,
                                    "No vault was made: its key did not stay in the keychain. Another program may have "
                                    "made a vault at the same time. Try again.",
                                    "entry " + entry + (found ? " changed" : ": " + found.error().detail)};
                  // Nobody has put anything into it, and nobody could open it again.
                  whenReady(this, m_store.discard(vault),
                            [answer, error](const Status &gone) { answer.resolve(gone ? error : gone.error()); });
              });
}

// The only key of a vault must not be removed: neither of one that stayed although its making failed, nor of one that
// another program has made in the meantime.
void VaultService::takeBackEntry(const std::string &entry, const std::shared_ptr<SecretBytes> &key, const Error &why,
                                 const Deferred<std::shared_ptr<OpenVault>> &answer)
{
    whenReady(this, m_store.status(), [this, entry, key, why, answer](const Result<VaultStatus> &status) {
        if (!status || status->exists)
            return answer.resolve(why);
        whenReady(this, m_secrets.read(entry),
                  [this, entry, key, why, answer](const Result<std::shared_ptr<SecretBytes>> &found) {
                      if (!found || !sameBytes(**found, *key))
                          return answer.resolve(why);
                      whenReady(this, m_secrets.remove(entry), [answer, why](const Status &) { answer.resolve(why); });
                  });
    });
}

Async<std::shared_ptr<OpenVault>> VaultService::unlock(SlotSecret secret)
{
    Deferred<Vault> answer;
    const SlotKind kind = secret.kind;
    whenReady(this, m_store.open(std::move(secret)), [this, kind, answer](const Result<Vault> &vault) {
        count(kind, vault);
        if (vault)
            giveUpKeychain();
        answer.resolve(vault);
    });
    return answer.future();
}

Async<std::shared_ptr<OpenVault>> VaultService::unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase)
{
    return unlock({SlotKind::Passphrase, std::move(passphrase)});
}

FailedUnlocks VaultService::takeFailedUnlocks()
{
    return std::exchange(m_failed, {});
}

/// Only the keys that were tried: a typing error is found before the vault is looked at.
void VaultService::count(SlotKind kind, const Result<Vault> &vault)
{
    if (!vault && vault.error().code == ErrorCode::WrongPassphrase)
        ++m_failed[std::string(slotKindName(kind))];
}

Async<std::shared_ptr<OpenVault>> VaultService::unlockWithRecoveryCode(const std::shared_ptr<SecretBytes> &typed)
{
    const auto secret = recoverySecret(typed);
    return secret ? unlock(*secret) : ready<Vault>(secret.error());
}

Async<std::shared_ptr<OpenVault>>
VaultService::unlockWithOrganisationKey(const std::vector<std::shared_ptr<SecretBytes>> &keyFiles)
{
    const auto secret = organisationSecret(keyFiles);
    return secret ? unlock(*secret) : ready<Vault>(secret.error());
}

Async<std::shared_ptr<OpenVault>> VaultService::unlockWithKeychain()
{
    giveUpKeychain();
    const int attempt = ++m_keychainAttempt;
    const Deferred<Vault> &answer = m_keychainAnswer.emplace();
    const Async<Vault> future = answer.future();
    const auto key = andThen(this, m_store.status(), [this](const VaultStatus &status) {
        if (!status.exists)
            return ready<std::shared_ptr<SecretBytes>>(
                Error{ErrorCode::VaultMissing, "There is no vault here yet.", {}});
        return m_secrets.read(keychainEntryName(status.directory));
    });
    whenReady(this, key,
              [this, attempt](const Result<std::shared_ptr<SecretBytes>> &found) { openWithEntry(attempt, found); });
    return future;
}

void VaultService::openWithEntry(int attempt, const Result<std::shared_ptr<SecretBytes>> &key)
{
    const auto waiting = [this, attempt] { return m_keychainAnswer && attempt == m_keychainAttempt; };
    if (!waiting())
        return;
    if (!key)
        return std::exchange(m_keychainAnswer, std::nullopt)->resolve(key.error());
    whenReady(this, m_store.open({SlotKind::Keychain, *key}), [waiting, this](const Result<Vault> &vault) {
        count(SlotKind::Keychain, vault);
        if (waiting())
            return std::exchange(m_keychainAnswer, std::nullopt)->resolve(vault);
        // Given up in the meantime: nobody waits for this vault, and whoever locks it must find it closed.
        if (vault)
            whenReady(this, (*vault)->close(), [vault = *vault](const Status &) {});
    });
}

void VaultService::giveUpKeychain()
{
    if (m_keychainAnswer)
        std::exchange(m_keychainAnswer, std::nullopt)
            ->resolve(Error{ErrorCode::Cancelled, "The keychain was not waited for. Open the vault another way.", {}});
}

} // namespace tramontane
