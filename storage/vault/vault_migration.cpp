// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_migration.h"

#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"
#include "storage/repositories/backup_rows.h"
#include "storage/sqlite/content_hash.h"
#include "storage/sqlite/database_copy.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

using sqlite::Connection;
using ConnectionSlot = std::unique_ptr<Connection>;

constexpr std::uint64_t kSpareBytes = 8 << 20;
constexpr std::int64_t kFirstSchemaWithBackups = 4;
constexpr sqlite::OpenOptions kVaultDatabase{.applicationId = migrations::kVaultApplicationId};

/// Before the copy is verified it has no meaning.
fs::path unverifiedCopy(const VaultFiles &files)
{
    fs::path path = files.beforeMigration;
    return path += ".next";
}

void removeLeftovers(const VaultFiles &files)
{
    std::error_code ignored;
    removeDatabaseLeftovers(files);
    for (const char *suffix : {"", "-wal", "-journal"})
        fs::remove(unverifiedCopy(files) += suffix, ignored);
}

Status checkSpace(const VaultFiles &files)
{
    std::error_code failure;
    const auto size = fs::file_size(files.vaultDatabase, failure);
    if (failure)
        return files::fileError(failure, "examining", files.vaultDatabase);
    const auto free = files::freeBytes(files.directory);
    if (!free)
        return free.error();
    const std::uint64_t needed = 3 * size + kSpareBytes; // the copy that stays, the new one, and its write-ahead log
    if (*free >= needed)
        return {};
    return Error{ErrorCode::NoSpace,
                 "This vault has to be brought to the format of this version, which needs "
                     + std::to_string((needed >> 20) + 1) + " MiB on its disk. Nothing was changed; free some space "
                     + "and open it again.",
                 std::to_string(*free) + " bytes free"};
}

Status copyTo(const fs::path &target, Connection &source, const Key32 &key)
{
    auto copy = sqlite::DatabaseCopy::begin(source, target, key);
    if (!copy)
        return copy.error();
    if (const auto complete = (*copy)->step(-1); !complete)
        return complete.error();
    return (*copy)->finish();
}

Result<KnownBackup> makeBackup(const OlderVault &vault, Connection &source)
{
    const fs::path copy = unverifiedCopy(vault.files);
    if (auto copied = copyTo(copy, source, vault.key); !copied)
        return copied.error();
    const auto content = sqlite::contentHash(source);
    if (!content)
        return content.error();
    const auto checked = sqlite::checkDatabase(copy, vault.key, migrations::kVaultApplicationId, {});
    if (!checked)
        return checked.error();
    if (checked->content != *content)
        return Error{ErrorCode::IoFailed,
                     "The vault was not brought to the new format: what the disk gave back is not what was written. "
                     "Check the disk.",
                     "content of before-migration.db"};
    std::error_code failure;
    KnownBackup backup{.kind = BackupKind::BeforeMigration};
    backup.createdMs = vault.clock.utcMs();
    backup.id = Uuid::make(backup.createdMs).text();
    backup.path = files::utf8Path(vault.files.beforeMigration.filename());
    backup.bytes = fs::file_size(copy, failure);
    backup.schema = static_cast<int>(checked->schema);
    return backup;
}

Status migrateCopy(const OlderVault &vault, Connection &source, const KnownBackup &backup)
{
    if (auto copied = copyTo(vault.files.nextVaultDatabase, source, vault.key); !copied)
        return copied;
    auto next = Connection::open(vault.files.nextVaultDatabase, vault.key, kVaultDatabase);
    if (!next)
        return next.error();
    if (auto migrated = migrations::migrate(**next, vault.steps); !migrated)
        return migrated;
    if (migrations::newestVersion(vault.steps) >= kFirstSchemaWithBackups) {
        if (auto remembered = rememberBackup(**next, backup); !remembered)
            return remembered;
    }
    if (auto folded = (*next)->checkpoint(); !folded)
        return folded;
    if (auto closed = (*next)->close(); !closed)
        return closed;
    const auto checked =
        sqlite::checkDatabase(vault.files.nextVaultDatabase, vault.key, migrations::kVaultApplicationId, {});
    return checked ? Status() : Status(checked.error());
}

Status swap(const OlderVault &vault, ConnectionSlot &connection)
{
    if (auto folded = connection->checkpoint(); !folded)
        return folded;
    Status done = connection->close();
    connection.reset();
    std::error_code failure;
    if (done)
        fs::rename(unverifiedCopy(vault.files), vault.files.beforeMigration, failure);
    if (failure)
        return files::fileError(failure, "keeping", vault.files.beforeMigration);
    // Also makes sure that no old write-ahead log comes back beside the new file.
    if (done)
        done = vault.syncFolder(vault.files.directory);
    return done ? swapDatabase(vault.files, vault.syncFolder) : done;
}

Status build(const OlderVault &vault, ConnectionSlot &connection)
{
    removeLeftovers(vault.files);
    if (auto enough = checkSpace(vault.files); !enough)
        return enough;
    const auto backup = makeBackup(vault, *connection);
    if (!backup)
        return backup.error();
    return migrateCopy(vault, *connection, *backup);
}

} // namespace

Status migrateVault(const OlderVault &vault, ConnectionSlot &connection)
{
    if (connection->isReadOnly())
        return Error{ErrorCode::StorageReadOnly,
                     "This vault has the format of an older version and its disk is read-only. Make the disk writable "
                     "once, so that it can be brought to the new format.",
                     ""};
    Status done = build(vault, connection);
    if (done)
        done = swap(vault, connection);
    if (!done) {
        removeLeftovers(vault.files);
        return done;
    }
    auto opened = Connection::open(vault.files.vaultDatabase, vault.key, kVaultDatabase);
    if (!opened)
        return opened.error();
    connection = std::move(*opened);
    return {};
}

void removeForeignCopy(const VaultFiles &files, const Key32 &key)
{
    const auto opens = opensWith(files.beforeMigration, key);
    std::error_code ignored;
    if (opens && !*opens)
        fs::remove(files.beforeMigration, ignored);
}

} // namespace tramontane::vault
