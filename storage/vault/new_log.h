// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/record.h"
#include "app/core/clock.h"
#include "storage/audit/log_archive.h"
#include "storage/directory/database_swap.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"

#include <optional>
#include <string>

// A vault that was restored from a backup does not continue the log in it, because that log may go on elsewhere: it becomes
// an archive, and a new one begins that names its last head (resources/formats/vault.md, "Restored elsewhere"). Off the GUI
// thread, by the owner of the vault.
namespace tramontane::vault {

/// Why a new log is to be begun: the text of restored.json.
struct Restored {
    std::string backupId; // UUID text
    audit_store::ArchivedLog log;
};

[[nodiscard]] std::string restoredText(const Restored &restored);
/// Nothing when there is no such file. Errors: VaultForeign, VaultDamaged, VaultNewerSchema, IoFailed.
[[nodiscard]] Result<std::optional<Restored>> readRestored(const VaultFiles &files);

/// Does what restored.json asks for, if it is there and the keys can sign; again from where it was cut off. Errors: those of
/// reading it and audit.db, NoSpace, StorageReadOnly, IoFailed; the next call goes on.
[[nodiscard]] Status beginNewLog(const VaultFiles &files, const DataKeys &keys,
                                 const audit::RecordEnvironment &environment, const SyncFolder &syncFolder,
                                 const Clock &clock);

} // namespace tramontane::vault
