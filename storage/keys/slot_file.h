// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "storage/keys/master_key.h"
#include "storage/keys/organisation_seal.h"
#include "storage/keys/passphrase_key.h"
#include "storage/keys/sealed_key.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// slots.json (resources/formats/slots.md): what opens the vault, wrapped once for each way to open it. Works on texts, so
// that copies elsewhere (backups) open in the same way. Any thread but the GUI's where a key is derived.
namespace tramontane::vault {

inline constexpr std::size_t kMaxSlots = 8;

/// Whom an organisation's slot is sealed to.
struct OrganisationPart {
    X25519Key publicKey{};
    X25519Key ephemeral{};
};

struct Slot {
    SlotInfo info;
    std::optional<KdfParameters> kdf;             // passphrase slots
    std::optional<OrganisationPart> organisation; // organisation slots
    SealedKey wrapped;                            // the master key; for an organisation the reading key
};

struct SlotFile {
    std::string vaultId; // UUID text
    std::vector<Slot> slots;
};

/// Version 1 or 2. Errors: VaultForeign, VaultNewerSchema, VaultDamaged (also: a cost outside the bounds of
/// KdfParameters, a kind of slot that the version does not have).
[[nodiscard]] Result<SlotFile> parseSlotFile(std::string_view text);
/// In version 2.
[[nodiscard]] std::string slotFileText(const SlotFile &file);

/// A new passphrase, keychain or recovery slot. `kdf` gives the cost of a passphrase slot. Errors: InvalidArgument (empty
/// passphrase, a key of the wrong length, an organisation's key), VaultReadOnly (`master` is not whole), Internal (no
/// memory).
[[nodiscard]] Result<Slot> makeSlot(const std::string &vaultId, const SlotSecret &secret, const MasterKey &master,
                                    const KdfParameters &kdf, std::int64_t nowMs);

/// A new slot that gives the reading key to the holder of the organisation's private key. Errors: InvalidArgument (the
/// name is empty, too long or no UTF-8, or the key is none).
[[nodiscard]] Result<Slot> makeOrganisationSlot(const std::string &vaultId, const OrganisationKey &key,
                                                const MasterKey &master, std::int64_t nowMs);

struct OpenedSlot {
    MasterKey master;
    SlotInfo slot;
};

/// The first slot that `secret` opens, and what it gives. Errors: WrongPassphrase (no slot of that kind, or none that
/// opens), Internal (no memory).
[[nodiscard]] Result<OpenedSlot> openSlot(const SlotFile &file, const SlotSecret &secret);

/// What openSlot() gives, without which slot it was.
[[nodiscard]] Result<MasterKey> openMaster(const SlotFile &file, const SlotSecret &secret);

/// Whether the person can open the vault with one of these: an organisation's slot alone does not count.
[[nodiscard]] bool hasUsableSlot(const std::vector<Slot> &slots);

} // namespace tramontane::vault
