// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// What takes space in a vault, and what of it can go. Plain data.
namespace tramontane {

enum class StoragePart {
    Messages,      // conversations with everything that was said
    MessageIndex,  // of messages and titles
    Documents,     // their text
    DocumentIndex, //
    Vectors,
    OtherTables,   // settings, catalogue, keys, and what the database needs for itself
    FreePages,     // of vault.db: filled again by what is written next
    WriteAheadLog, // of vault.db: emptied when the vault is closed
    Attachments,
    Snapshots,
    Backups, // copies of vault.db inside the vault
    AuditLog,
    OtherFiles,
};

struct StorageUse {
    StoragePart part = StoragePart::OtherFiles;
    std::uint64_t bytes = 0;
    std::optional<std::int64_t>
        count{}; // of messages, conversations' snapshots, attachments, files; where it says something
};

/// What can be removed without losing anything that somebody wrote.
enum class CleanUp {
    Snapshots,      // states of models; computed again when they are needed
    WriteAheadLog,  // folded into vault.db
    UnfinishedFiles // what a crash left of files that were being written
};

struct CleanUpOffer {
    CleanUp what = CleanUp::Snapshots;
    std::uint64_t bytes = 0;
    std::int64_t files = 0;
};

struct StorageReport {
    std::vector<StorageUse> parts;    // every part once, in the order above
    std::uint64_t bytes = 0;          // the sum
    std::uint64_t freeOnDisk = 0;     // what this account may still write there
    std::vector<CleanUpOffer> offers; // every clean-up once, also those that would remove nothing
};

/// "messages", "message_index" …; the spelling of the command line. Never fails.
[[nodiscard]] std::string_view storagePartName(StoragePart part) noexcept;
/// "snapshots", "write-ahead-log", "unfinished-files".
[[nodiscard]] std::string_view cleanUpName(CleanUp what) noexcept;
[[nodiscard]] std::optional<CleanUp> cleanUpFromName(std::string_view name) noexcept;

} // namespace tramontane
