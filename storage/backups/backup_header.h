// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "storage/keys/slot_file.h"

#include <cstdint>
#include <string>
#include <string_view>

// The beginning of a backup's file, which is read without a key (resources/formats/backup.md). Any thread.
namespace tramontane::vault {

struct BackupHeader {
    std::string id;      // UUID text
    std::string vaultId; // UUID text
    std::int64_t createdMs = 0;
    int schema = 0; // of vault.db
    std::string appVersion;
    std::string slots; // slots.json as it was, byte for byte
    SealedKey key;     // what the content is sealed with, wrapped by the reading key
};

/// Never fails.
[[nodiscard]] std::string backupHeaderText(const BackupHeader &header);
/// Errors: VaultForeign (not a backup), VaultNewerSchema (a newer format), VaultDamaged.
[[nodiscard]] Result<BackupHeader> parseBackupHeader(std::string_view text);

/// Wraps the key of a backup; `header.key` is not looked at.
[[nodiscard]] SealedKey sealBackupKey(const Key32 &key, const BackupHeader &header, const MasterKey &master);
/// Errors: VaultDamaged (another master key, or another backup's).
[[nodiscard]] Result<Key32> openBackupKey(const BackupHeader &header, const MasterKey &master);

/// What the header says for people. Errors: those of parseSlotFile.
[[nodiscard]] Result<BackupInfo> backupInfo(const BackupHeader &header, std::uint64_t fileBytes);

/// The error for a backup that does not hold; `what` is for the log.
[[nodiscard]] Error damagedBackup(std::string_view what);

} // namespace tramontane::vault
