// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/taking_over.h"

#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"
#include "storage/backups/backup_content.h"
#include "storage/backups/backup_unpacking.h"
#include "storage/backups/merging.h"
#include "storage/backups/replacing.h"
#include "storage/backups/staged_database.h"
#include "storage/repositories/backup_rows.h"
#include "storage/sqlite/content_hash.h"
#include "storage/sqlite/database_copy.h"

#include <algorithm>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

/// Older content beside the vault, without what is erased.
struct Staged {
    std::unique_ptr<Connection> connection;
    RestoreEffect effect;
};

Error anotherVault()
{
    return Error{ErrorCode::VaultForeign,
                 "This is a backup of another vault. Nothing was changed. Restore it where there is no vault yet "
                 "(--home DIR), with one of its own ways to open it.",
                 ""};
}

/// Counts what would happen, and whether it may.
Status compare(const BackupVault &vault, Staged &staged, RestoreMode mode)
{
    const auto given = readContentIds(*staged.connection);
    if (!given)
        return given.error();
    return vault.database
        .read([&](Connection &present, const Settlements &) -> Status {
            const auto there = readContentIds(present);
            if (!there)
                return there.error();
            compareContent(*there, *given, mode, staged.effect);
            return mode == RestoreMode::Replace ? holdsAllow(present, *there, *given) : Status();
        })
        .result();
}

Status prepare(const BackupVault &vault, Staged &staged, RestoreMode mode)
{
    const auto erased = erasureRegister(vault.database, vault.audit, vault.clock.utcMs());
    if (!erased)
        return erased.error();
    const auto kept = keepOut(*staged.connection, *erased);
    if (!kept)
        return kept.error();
    staged.effect.erasedKeptOut = *kept;
    return compare(vault, staged, mode);
}

/// Attachments that lie in the backup only. They are put into place before their rows are: without rows, a later sweep
/// removes them.
class NewAttachments {
public:
    NewAttachments(fs::path staging, const fs::path &folder) : m_staging(std::move(staging)), m_folder(folder) {}
    /// Where a file of this name is to be unpacked to.
    [[nodiscard]] fs::path placeFor(const std::string &name)
    {
        std::error_code failure;
        if (fs::symlink_status(m_folder / name, failure).type() != fs::file_type::not_found)
            return {};
        m_names.push_back(name);
        return m_staging / name;
    }
    [[nodiscard]] Status publish(const SyncFolder &sync) const
    {
        for (const std::string &name : m_names) {
            std::error_code failure;
            fs::rename(m_staging / name, m_folder / name, failure);
            if (failure)
                return files::fileError(failure, "restoring", m_folder / name);
        }
        return m_names.empty() ? Status() : sync(m_folder);
    }

private:
    fs::path m_staging;
    const fs::path &m_folder;
    std::vector<std::string> m_names;
};

Result<BackupFileReader> openOwn(const BackupVault &vault, const fs::path &file)
{
    auto reader = BackupFileReader::open(file);
    if (!reader)
        return reader.error();
    if (reader->header().vaultId != vault.vaultId)
        return anotherVault();
    const auto key = openBackupKey(reader->header(), vault.master);
    if (!key)
        return key.error();
    reader->unlock(*key);
    return reader;
}

Status merge(const BackupVault &vault, Connection &staged)
{
    return vault.database.write([&staged](Connection &present) { return mergeContent(staged, present); }).result();
}

/// A backup that is not in the vault's list would be forgotten when its text is erased.
Status rememberFile(const BackupVault &vault, const fs::path &file, const BackupInfo &info)
{
    const KnownBackup known{info.id, BackupKind::File, files::utf8Path(file), info.createdMs, info.bytes, info.schema,
                            true};
    return vault.database
        .write([known](Connection &c) -> Status {
            const auto backups = readBackups(c);
            if (!backups)
                return backups.error();
            const bool isKnown = std::ranges::any_of(*backups, [&](const KnownBackup &b) { return b.id == known.id; });
            return isKnown ? Status() : rememberBackup(c, known);
        })
        .result();
}

} // namespace

Result<RestoreEffect> restoreBackup(const BackupVault &vault, const fs::path &file, RestoreMode mode, Doing doing,
                                    const LongWork &work)
{
    auto reader = openOwn(vault, file);
    if (!reader)
        return reader.error();
    const auto folder = WorkFolder::make(vault.files.backupWork);
    if (!folder)
        return folder.error();
    NewAttachments attachments(folder->path(), vault.files.attachments);
    const bool restoring = doing == Doing::Restore;
    const AttachmentPlace place = [&](const std::string &name) {
        return restoring ? attachments.placeFor(name) : fs::path();
    };
    const auto backup = unpackBackup(*reader, vault.master, folder->path(), place, vault.migrations, work);
    if (!backup)
        return backup.error();
    auto connection = openStaged(backup->vaultDatabase, backup->keys.vault, vault.migrations);
    if (!connection)
        return connection.error();
    Staged staged{std::move(*connection), {backup->content}};
    if (auto prepared = prepare(vault, staged, mode); !prepared)
        return prepared.error();
    if (!restoring)
        return staged.effect;
    if (work.stop.stop_requested())
        return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
    if (auto remembered = rememberFile(vault, file, backup->content.info); !remembered)
        return remembered.error();
    if (auto published = attachments.publish(vault.syncFolder); !published)
        return published.error();
    const Status taken = mode == RestoreMode::Merge
                             ? merge(vault, *staged.connection)
                             : replaceContent(vault, *staged.connection, AfterReplacing::GoOn, work.stop);
    return taken ? Result<RestoreEffect>(staged.effect) : taken.error();
}

namespace {

/// A copy of the copy of before the migration, checked; that one stays as it is until it has become vault.db.
Result<Staged> stageBeforeMigration(const BackupVault &vault, const fs::path &folder, const LongWork &work)
{
    const auto text = vault.files.readKeys();
    if (!text)
        return text.error();
    const auto keys = readKeyFile(*text, vault.vaultId, vault.master);
    if (!keys)
        return keys.error();
    const auto checked =
        sqlite::checkDatabase(vault.files.beforeMigration, keys->vault, migrations::kVaultApplicationId, work.stop);
    if (!checked)
        return checked.error().code == ErrorCode::NotFound
                   ? Error{ErrorCode::NotFound,
                           "There is no copy of before an update of the format. Nothing was changed.", ""}
                   : checked.error();
    auto source =
        Connection::open(vault.files.beforeMigration, keys->vault,
                         {.mode = sqlite::OpenMode::ReadOnly, .applicationId = migrations::kVaultApplicationId});
    if (!source)
        return source.error();
    auto copy = sqlite::DatabaseCopy::begin(**source, folder / "vault.db", keys->vault);
    if (!copy)
        return copy.error();
    if (const auto complete = (*copy)->step(-1); !complete)
        return complete.error();
    if (auto finished = (*copy)->finish(); !finished)
        return finished.error();
    auto connection = openStaged(folder / "vault.db", keys->vault, {});
    if (!connection)
        return connection.error();
    Staged staged{std::move(*connection), {}};
    staged.effect.backup.info.vaultId = vault.vaultId;
    staged.effect.backup.info.schema = static_cast<int>(checked->schema);
    if (auto counted = countContent(*staged.connection, staged.effect.backup); !counted)
        return counted.error();
    return staged;
}

Status describe(const BackupVault &vault, BackupInfo &info)
{
    const auto backups =
        vault.database.read([](Connection &c, const Settlements &) { return readBackups(c); }).result();
    if (!backups)
        return backups.error();
    for (const KnownBackup &backup : *backups) {
        if (backup.kind != BackupKind::BeforeMigration)
            continue;
        info.id = backup.id;
        info.createdMs = backup.createdMs;
        info.bytes = backup.bytes;
    }
    return {};
}

} // namespace

Result<RestoreEffect> rollBack(const BackupVault &vault, Doing doing, const LongWork &work)
{
    const auto folder = WorkFolder::make(vault.files.backupWork);
    if (!folder)
        return folder.error();
    auto staged = stageBeforeMigration(vault, folder->path(), work);
    if (!staged)
        return staged.error();
    if (auto described = describe(vault, staged->effect.backup.info); !described)
        return described.error();
    if (auto prepared = prepare(vault, *staged, RestoreMode::Replace); !prepared)
        return prepared.error();
    if (doing == Doing::Preview)
        return staged->effect;
    if (auto replaced = replaceContent(vault, *staged->connection, AfterReplacing::Stop, work.stop); !replaced)
        return replaced.error();
    // It is vault.db now; a later migration makes another one.
    std::error_code ignored;
    fs::remove(vault.files.beforeMigration, ignored);
    return staged->effect;
}

} // namespace tramontane::vault
