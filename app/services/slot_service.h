// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"
#include "app/core/recovery_code.h"
#include "app/services/keychain_slot.h"

#include <QObject>

#include <functional>

namespace tramontane {

/// What removing a slot leaves behind.
struct RemovedSlot {
    SlotInfo slot;
    /// The slot is gone, but its key could not be removed from the keychain, which was locked or did not answer.
    bool keyLeftInKeychain = false;
};

/// Adds, replaces and removes the ways to open an open vault. Each change is recorded as `key.change.attempted` before it
/// is made, and as `key.created`, `key.rotated`, `key.removed` or `key.change.failed` after it. Calls and signals: the
/// owning thread; nothing blocks. Errors of every change: PolicyDenied (recorded), AuditUnavailable (nothing was done),
/// and those of VaultSlots; what opened the vault before opens it then.
class SlotService : public QObject {
    Q_OBJECT
public:
    /// All outlive the object. `directory`: of the vault, as VaultStatus names it.
    SlotService(OpenVault &vault, SecretStore &secrets, PolicySource &policy, const Clock &clock, std::string directory,
                QObject *parent = nullptr);

    /// Errors also: InvalidArgument (fewer than 8 characters).
    [[nodiscard]] Async<SlotInfo> addPassphrase(std::shared_ptr<SecretBytes> passphrase);
    /// Puts a new key into the keychain, or uses the one that lies there already, and never overwrites one. Errors also:
    /// those of SecretStore, InvalidArgument (the vault opens with the keychain already). A key that was written for a
    /// slot that then could not be made is removed again.
    [[nodiscard]] Async<SlotInfo> addKeychain();
    /// `typed`: the code as the person has typed it back. Errors also: InvalidArgument (a typing error, or another code;
    /// nothing is recorded), so that no slot is made for a code that nobody holds.
    [[nodiscard]] Async<SlotInfo> addRecovery(const RecoveryCode &shown, const std::shared_ptr<SecretBytes> &typed);
    /// What the person has to see before addOrganisation(). Errors: NotFound (policy names no organisation).
    [[nodiscard]] Result<OrganisationKey> offeredOrganisation() const;
    /// `confirmed`: the fingerprint that the person has seen and agreed to. Errors also: NotFound (policy names no
    /// organisation), InvalidArgument (another fingerprint than policy names, or there is such a slot already).
    [[nodiscard]] Async<SlotInfo> addOrganisation(const std::string &confirmed);
    /// A new passphrase in the place of an old one, in one step. `id`: of the slot; empty when there is only one with a
    /// passphrase. Errors also: NotFound, InvalidArgument (several passphrases and no id, another kind of slot, fewer than
    /// 8 characters).
    [[nodiscard]] Async<SlotInfo> changePassphrase(std::string id, std::shared_ptr<SecretBytes> passphrase);
    /// Errors also: NotFound, InvalidArgument (the last way in which the person can open the vault; a keychain that does
    /// not open it now is none).
    [[nodiscard]] Async<RemovedSlot> remove(std::string id);

private:
    /// The records around `act`, when policy allows this kind of slot.
    [[nodiscard]] Async<SlotInfo> recorded(const char *change, SlotKind kind, std::function<Async<SlotInfo>()> act);
    [[nodiscard]] Async<SlotInfo> outcome(const AuditEvent &attempt, const char *change, const Result<SlotInfo> &made);
    [[nodiscard]] Async<SlotInfo> addToOrganisation(const OrganisationKey &key);
    [[nodiscard]] Async<RemovedSlot> removeChecked(const SlotInfo &slot, const std::string &opens,
                                                   const std::vector<SlotInfo> &all);

    OpenVault &m_vault;
    PolicySource &m_policy;
    const Clock &m_clock;
    KeychainSlot m_keychain;
};

} // namespace tramontane
