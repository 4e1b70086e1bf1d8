// SPDX-License-Identifier: Apache-2.0
#include "app/services/vault_service.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"

#include <QCryptographicHash>
#include <QDir>

#include <algorithm>
#include <utility>

namespace tramontane {
namespace {

constexpr int kShortestPassphrase = 8;
constexpr qsizetype kEntryDigits = 32;

/// Code points, so that a short passphrase in another script is not taken for a long one.
std::ptrdiff_t characters(const SecretBytes &passphrase)
{
    const auto bytes = passphrase.bytes();
    return std::count_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return (byte & 0xC0) != 0x80; });
}

bool sameBytes(const SecretBytes &a, const SecretBytes &b)
{
    const auto left = a.bytes();
    const auto right = b.bytes();
    return std::equal(left.begin(), left.end(), right.begin(), right.end());
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
    if (!passphrase || characters(*passphrase) < kShortestPassphrase)
        return ready<Answer>(
            Error{ErrorCode::InvalidArgument, "No vault was made: a passphrase needs at least 8 characters.", {}});
    return m_store.create({SlotKind::Passphrase, std::move(passphrase)});
}

Async<std::shared_ptr<OpenVault>> VaultService::createWithKeychain()
{
    using Answer = std::shared_ptr<OpenVault>;
    if (const auto decision = mayUseSlot(m_policy.current(), "keychain"); !decision.allowed)
        return ready<Answer>(records::denied(decision, "No vault was made"));
    return andThen(this, m_store.status(), [this](const VaultStatus &status) {
        if (status.exists)
            return ready<Answer>(vaultExists());
        return createWithEntry(keychainEntryName(status.directory));
    });
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

Async<std::shared_ptr<OpenVault>> VaultService::unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase)
{
    return counted("passphrase", m_store.open({SlotKind::Passphrase, std::move(passphrase)}));
}

FailedUnlocks VaultService::takeFailedUnlocks()
{
    return std::exchange(m_failed, {});
}

Async<std::shared_ptr<OpenVault>> VaultService::counted(const char *kind, Async<std::shared_ptr<OpenVault>> opened)
{
    Deferred<std::shared_ptr<OpenVault>> answer;
    whenReady(this, opened, [this, kind, answer](const Result<std::shared_ptr<OpenVault>> &vault) {
        if (!vault && vault.error().code == ErrorCode::WrongPassphrase)
            ++m_failed[kind];
        answer.resolve(vault);
    });
    return answer.future();
}

Async<std::shared_ptr<OpenVault>> VaultService::unlockWithKeychain()
{
    return andThen(this, m_store.status(), [this](const VaultStatus &status) {
        if (!status.exists)
            return ready<std::shared_ptr<OpenVault>>(Error{ErrorCode::VaultMissing, "There is no vault here yet.", {}});
        const auto key = m_secrets.read(keychainEntryName(status.directory));
        return andThen(this, key, [this](const std::shared_ptr<SecretBytes> &secret) {
            return counted("keychain", m_store.open({SlotKind::Keychain, secret}));
        });
    });
}

} // namespace tramontane
