// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/keys/slot_file.h"

#include <string>

// What a secret does to one slot of slots.json (resources/formats/slots.md). Any thread but the GUI's: a passphrase's key
// is derived here.
namespace tramontane::vault {

/// What a slot's wrapped key is bound to: vault, slot, kind, and for an organisation whom it is sealed to.
[[nodiscard]] std::string slotBinding(const std::string &vaultId, const Slot &slot);

/// The key that wraps the master key in a slot of the person. Errors: InvalidArgument when the secret cannot be one, or is
/// an organisation's; Internal (no memory).
[[nodiscard]] Result<Key32> slotKey(const std::string &vaultId, const Slot &slot, const SlotSecret &secret);

/// What the slot gives for `secret`, which is of its kind. Errors: WrongPassphrase (it does not open), and those of
/// slotKey().
[[nodiscard]] Result<MasterKey> openedBy(const std::string &vaultId, const Slot &slot, const SlotSecret &secret);

/// WrongPassphrase in words for the person. `slotThere`: whether there is a slot of this kind at all.
[[nodiscard]] Error wrongSecret(SlotKind kind, bool slotThere);

} // namespace tramontane::vault
