// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "storage/keys/passphrase_key.h"
#include "storage/keys/sealed_key.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// slots.json (resources/formats/slots.md): the master key, wrapped once for each way to open the vault. Any thread but
// the GUI's where a key is derived.
namespace tramontane::vault {

inline constexpr std::size_t kMaxSlots = 8;

struct Slot {
    SlotInfo info;
    std::optional<KdfParameters> kdf; // passphrase slots
    SealedKey master;
};

struct SlotFile {
    std::string vaultId; // UUID text
    std::vector<Slot> slots;
};

/// Errors: VaultForeign, VaultNewerSchema, VaultDamaged (also: a cost outside the bounds of KdfParameters).
[[nodiscard]] Result<SlotFile> parseSlotFile(std::string_view text);
[[nodiscard]] std::string slotFileText(const SlotFile &file);

/// A new slot that wraps `master`. `kdf` gives the cost of a passphrase slot. Errors: InvalidArgument (empty passphrase,
/// keychain key that is not 32 bytes), Internal (no memory).
[[nodiscard]] Result<Slot> makeSlot(const std::string &vaultId, const SlotSecret &secret, const Key32 &master,
                                    const KdfParameters &kdf, std::int64_t nowMs);

/// The master key from the first slot that `secret` opens. Errors: WrongPassphrase (no slot of that kind, or none that
/// opens), Internal (no memory).
[[nodiscard]] Result<Key32> openMaster(const SlotFile &file, const SlotSecret &secret);

} // namespace tramontane::vault
