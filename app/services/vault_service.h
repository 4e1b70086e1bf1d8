// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/secret_store.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/services/failed_unlocks.h"

#include <QObject>

namespace tramontane {

/// Makes, opens and closes the vault: joins the slots on disk with the keychain and policy. Calls and signals: the
/// thread that owns the object; nothing blocks (Argon2id and file work happen elsewhere).
class VaultService : public QObject {
    Q_OBJECT
public:
    VaultService(VaultStore &store, SecretStore &secrets, PolicySource &policy, QObject *parent = nullptr);

    [[nodiscard]] Async<VaultStatus> status();
    /// A new vault whose first slot is this passphrase. Errors: VaultExists, PolicyDenied, InvalidArgument (fewer than
    /// 8 characters), and those of VaultStore::create. After an error nothing exists.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> createWithPassphrase(std::shared_ptr<SecretBytes> passphrase);
    /// A new vault whose first slot is a random key in the keychain. A key that lies there already (of a vault that was
    /// moved away) is used again and never overwritten. Errors: also those of SecretStore; a key that was written for a
    /// vault that then could not be made is removed again, unless there is a vault by then or the key is another one.
    /// KeychainUnavailable also when the entry is not ours any more once the vault is made (two programs at once): the
    /// vault, which nothing could open again, is then taken back.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> createWithKeychain();
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase);
    /// Errors: KeychainUnavailable, KeychainLocked, KeychainEntryMissing: the vault is untouched, other slots still work.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithKeychain();
    /// How often a key did not fit since this was last asked, by kind of slot: for the log, which cannot be written while
    /// the vault is closed.
    [[nodiscard]] FailedUnlocks takeFailedUnlocks();

private:
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> createWithEntry(const std::string &entry);
    void makeVault(const std::string &entry, const std::shared_ptr<SecretBytes> &key, bool ownEntry,
                   const Deferred<std::shared_ptr<OpenVault>> &answer);

    void confirmEntry(const std::string &entry, const std::shared_ptr<SecretBytes> &key,
                      const std::shared_ptr<OpenVault> &vault, const Deferred<std::shared_ptr<OpenVault>> &answer);
    void takeBackEntry(const std::string &entry, const std::shared_ptr<SecretBytes> &key, const Error &why,
                       const Deferred<std::shared_ptr<OpenVault>> &answer);

    [[nodiscard]] Async<std::shared_ptr<OpenVault>> counted(const char *kind, Async<std::shared_ptr<OpenVault>> opened);

    VaultStore &m_store;
    SecretStore &m_secrets;
    PolicySource &m_policy;
    FailedUnlocks m_failed;
};

/// The name under which a vault's key lies in the keychain: "vault/<vault directory hash>".
[[nodiscard]] std::string keychainEntryName(const std::string &vaultDirectory);

} // namespace tramontane
