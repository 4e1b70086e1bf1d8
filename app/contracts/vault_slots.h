// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/key_slot.h"
#include "app/core/secret.h"

#include <memory>
#include <string>
#include <vector>

namespace tramontane {

/// What opens one slot. Wiped with the last owner.
struct SlotSecret {
    SlotKind kind = SlotKind::Passphrase;
    /// Passphrase: its UTF-8 bytes. Keychain: the 32 bytes that lie there. Recovery: RecoveryCode::bytes().
    /// Organisation: the 32 bytes of its X25519 private key.
    std::shared_ptr<SecretBytes> secret;
};

/// The ways in which an open vault can be opened again (resources/formats/slots.md). Every change replaces slots.json as
/// a whole and touches no database; keys.json only when it is of version 1, before the first change. Calls from any
/// thread; work happens off the GUI thread, one change after the other. Errors of every change: VaultLocked (closed),
/// VaultReadOnly (opened with the organisation's key, which does not hold what a new slot would have to wrap),
/// VaultForeign, VaultDamaged, NoSpace, StorageReadOnly, IoFailed; the old file is then in place, byte for byte.
class VaultSlots {
public:
    virtual ~VaultSlots() = default;

    /// In the order in which they were made. Errors: VaultLocked, VaultForeign, VaultDamaged, IoFailed.
    [[nodiscard]] virtual Async<std::vector<SlotInfo>> list() = 0;
    /// A passphrase, keychain or recovery slot. Errors also: InvalidArgument (too many slots, a secret that cannot be one).
    [[nodiscard]] virtual Async<SlotInfo> add(SlotSecret secret) = 0;
    /// Seals what opens the vault for reading to the key. The caller has shown name and fingerprint to the person.
    /// Errors also: InvalidArgument (too many slots, a key that is none, a name that is empty or too long).
    [[nodiscard]] virtual Async<SlotInfo> addOrganisation(OrganisationKey key) = 0;
    /// Puts a new slot into the place of `id`, in one step: there is no moment in which both or neither opens. Errors also:
    /// NotFound, InvalidArgument (the old slot is an organisation's, a secret that cannot be one).
    [[nodiscard]] virtual Async<SlotInfo> replace(std::string id, SlotSecret secret) = 0;
    /// Errors also: NotFound, InvalidArgument (the last slot that the person can use: an organisation's does not count).
    [[nodiscard]] virtual Async<void> remove(std::string id) = 0;
    /// The slot that this secret opens; nothing changes. Errors: WrongPassphrase (none), and those of list().
    [[nodiscard]] virtual Async<SlotInfo> find(SlotSecret secret) = 0;
    /// The slot that this vault was opened with, as it was then. Any thread, at once.
    [[nodiscard]] virtual SlotInfo openedWith() const = 0;
};

} // namespace tramontane
