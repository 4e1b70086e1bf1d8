// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/secret_store.h"
#include "app/contracts/vault_store.h"

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
    /// A new vault whose first slot is a random key in the keychain. Errors: also those of SecretStore; a key that was
    /// written for a vault that then could not be made is removed again.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> createWithKeychain();
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithPassphrase(std::shared_ptr<SecretBytes> passphrase);
    /// Errors: KeychainUnavailable, KeychainLocked, KeychainEntryMissing: the vault is untouched, other slots still work.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> unlockWithKeychain();

private:
    VaultStore &m_store;
    SecretStore &m_secrets;
    PolicySource &m_policy;
};

/// The name under which a vault's key lies in the keychain: "vault/<vault directory hash>".
[[nodiscard]] std::string keychainEntryName(const std::string &vaultDirectory);

} // namespace tramontane
