// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/secret_store.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/services/failed_unlocks.h"

#include <QObject>

#include <optional>
#include <vector>

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
    /// Errors of every unlocking: those of VaultStore::open. Nothing is made, nothing is written.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase);
    /// Waits as long as the keychain does, which may be for ever: meanwhile the other ways can be tried, and the first one
    /// that opens gives this one up. Errors: KeychainUnavailable, KeychainLocked, KeychainEntryMissing, WrongPassphrase
    /// (a key that fits no slot), Cancelled (given up): the vault is untouched, other slots still work. A second call
    /// while the keychain has not answered gives the first one up.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithKeychain();
    /// Ends a waiting unlockWithKeychain(): its answer is Cancelled at once, and whatever the keychain says later opens
    /// nothing. Nothing happens when none is waiting.
    void giveUpKeychain();
    /// `typed`: the code as a person types it or a file holds it (RecoveryCode::fromText). Errors also: InvalidArgument (a
    /// typing error, found at once and without looking at the vault).
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithRecoveryCode(const std::shared_ptr<SecretBytes> &typed);
    /// `keyFiles`: the content of the organisation's key file, or of its two halves. The vault can then be read, and its log
    /// verified; nothing that needs a record is done. Errors also: InvalidArgument (not a key of an organisation; the
    /// message says why).
    [[nodiscard]] Async<std::shared_ptr<OpenVault>>
    unlockWithOrganisationKey(const std::vector<std::shared_ptr<SecretBytes>> &keyFiles);
    /// How often a key did not fit since this was last asked, by kind of slot: for the log, which cannot be written while
    /// the vault is closed.
    [[nodiscard]] FailedUnlocks takeFailedUnlocks();

private:
    using Vault = std::shared_ptr<OpenVault>;

    [[nodiscard]] Async<Vault> unlock(SlotSecret secret);
    void openWithEntry(int attempt, const Result<std::shared_ptr<SecretBytes>> &key);
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> createWithEntry(const std::string &entry);
    void makeVault(const std::string &entry, const std::shared_ptr<SecretBytes> &key, bool ownEntry,
                   const Deferred<std::shared_ptr<OpenVault>> &answer);

    void confirmEntry(const std::string &entry, const std::shared_ptr<SecretBytes> &key,
                      const std::shared_ptr<OpenVault> &vault, const Deferred<std::shared_ptr<OpenVault>> &answer);
    void takeBackEntry(const std::string &entry, const std::shared_ptr<SecretBytes> &key, const Error &why,
                       const Deferred<std::shared_ptr<OpenVault>> &answer);

    void count(SlotKind kind, const Result<Vault> &vault);

    VaultStore &m_store;
    SecretStore &m_secrets;
    PolicySource &m_policy;
    std::optional<Deferred<Vault>> m_keychainAnswer; // of the attempt that waits
    int m_keychainAttempt = 0;
    FailedUnlocks m_failed;
};

/// The name under which a vault's key lies in the keychain: "vault/<vault directory hash>".
[[nodiscard]] std::string keychainEntryName(const std::string &vaultDirectory);

} // namespace tramontane
