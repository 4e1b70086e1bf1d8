// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/vault/vault_opening.h"

namespace tramontane::vault {

/// Makes a vault in a folder beside its place and moves it there as a whole, then opens it. The place must be free: not
/// there, or an empty folder, and no link. Off the GUI thread. Errors: VaultExists (something is there; nothing touched),
/// InvalidArgument (a secret that cannot be one), NoSpace, StorageReadOnly, NetworkFileSystem, IoFailed; after an error
/// nothing of the vault is left.
[[nodiscard]] Result<OpenParts> createVault(const VaultOptions &options, const SlotSecret &first, bool networkAllowed,
                                            const Clock &clock);

/// Removes the closed vault with this id. Off the GUI thread. Errors: as VaultStore::discard.
[[nodiscard]] Status discardVault(const VaultOptions &options, const std::string &vaultId);

} // namespace tramontane::vault
