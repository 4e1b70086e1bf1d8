// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "storage/keys/slot_file.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace tramontane::vault {

/// The names in a vault directory (resources/formats/vault.md). Any thread.
struct VaultFiles {
    explicit VaultFiles(std::filesystem::path folder);

    std::filesystem::path directory; // absolute, without a trailing separator
    std::filesystem::path vaultDatabase;
    std::filesystem::path auditDatabase;
    std::filesystem::path slots;
    std::filesystem::path keys;
    std::filesystem::path nextKeys;          // only while a database gets another key
    std::filesystem::path nextVaultDatabase; // only while vault.db is made anew
    std::filesystem::path beforeMigration;   // vault.db as it was before its last migration
    std::filesystem::path lock;
    std::filesystem::path attachments;
    std::filesystem::path snapshots;
    std::filesystem::path auditOutbox;
    std::filesystem::path reserve;
    std::filesystem::path backupWork;  // only while a backup is made or taken over
    std::filesystem::path logArchives; // logs that ended where this vault was restored from a backup
    std::filesystem::path restored;    // says that a new log is still to be begun

    /// As soon as one of the two databases or the two key files is there. Also when a file cannot be examined: a vault
    /// that may be there is never overwritten.
    [[nodiscard]] bool anyExists() const;
    /// Errors: VaultForeign, VaultDamaged (damaged or missing), VaultNewerSchema, IoFailed.
    [[nodiscard]] Result<SlotFile> readSlots() const;
    /// The text of keys.json. Errors: VaultDamaged (missing, too large), IoFailed.
    [[nodiscard]] Result<std::string> readKeys() const;
    /// The text of keys.json.next; nothing if there is none. Errors: as readKeys().
    [[nodiscard]] Result<std::optional<std::string>> readNextKeys() const;
};

/// Errors: NetworkFileSystem when `directory` lies on one and `allowed` is false; those of `isNetwork`.
[[nodiscard]] Status checkFileSystem(const std::filesystem::path &directory, bool allowed,
                                     const std::function<Result<bool>(const std::filesystem::path &)> &isNetwork);

} // namespace tramontane::vault
