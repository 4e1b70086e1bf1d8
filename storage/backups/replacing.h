// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/backups/backup_vault.h"

#include <memory>

namespace tramontane::vault {

enum class AfterReplacing {
    GoOn, // with the new content
    Stop, // it is of an older schema: nothing but closing follows
};

/// Makes `staged` (an open copy under any key) the content of vault.db under the vault's present key: what is the vault's own
/// is carried over, the result is written into vault.db.next, verified, and put into place by one rename, in the database's
/// thread. Not in that thread, not on the GUI thread. Errors: NoSpace, IoFailed, VaultDamaged, Cancelled, VaultLocked; the
/// vault then goes on as before, unless the message says otherwise.
[[nodiscard]] Status replaceContent(const BackupVault &vault, sqlite::Connection &staged, AfterReplacing after,
                                    const std::stop_token &stop);

} // namespace tramontane::vault
