// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_backups.h"

#include "app/platform/files/file_error.h"
#include "storage/backups/backup_creation.h"
#include "storage/backups/backup_file.h"
#include "storage/backups/taking_over.h"
#include "storage/repositories/backup_rows.h"

#include <algorithm>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

Error noSuchBackup()
{
    return Error{ErrorCode::NotFound, "The vault knows no such backup. Nothing was changed.", ""};
}

/// A file of that name that is another backup, or none, stays.
bool isThere(const KnownBackup &backup, const VaultFiles &files)
{
    std::error_code failure;
    if (backup.kind == BackupKind::BeforeMigration)
        return fs::is_regular_file(files.beforeMigration, failure);
    const auto reader = BackupFileReader::open(files::absolutePath(backup.path));
    return reader && reader->header().id == backup.id;
}

Result<std::vector<KnownBackup>> knownBackups(const OpenParts &parts)
{
    auto backups = parts.database->read([](Connection &c, const Settlements &) { return readBackups(c); }).result();
    if (!backups)
        return backups;
    for (KnownBackup &backup : *backups)
        backup.found = isThere(backup, parts.files);
    return backups;
}

Status removeBackup(const OpenParts &parts, const std::string &id)
{
    const auto backups = knownBackups(parts);
    if (!backups)
        return backups.error();
    const auto known = std::ranges::find(*backups, id, &KnownBackup::id);
    if (known == backups->end())
        return noSuchBackup();
    if (known->found) {
        const fs::path file =
            known->kind == BackupKind::BeforeMigration ? parts.files.beforeMigration : files::absolutePath(known->path);
        std::error_code failure;
        fs::remove(file, failure);
        if (failure)
            return files::fileError(failure, "removing", file);
    }
    return parts.database->write([id](Connection &c) { return forgetBackup(c, id); }).result();
}

} // namespace

template <class T, class Act>
Async<T> OpenedBackups::begin(LongWork work, Act act)
{
    return m_work.begin<T>(std::move(work),
                           [&parts = m_parts, &held = m_master, &clock = m_clock,
                            act = std::move(act)](const LongWork &given) -> Result<T> {
                               return held.change<T>([&](const MasterKey &master) -> Result<T> {
                                   return act(BackupVault{parts.files, parts.vaultId, master, *parts.database,
                                                          *parts.audit, parts.appVersion, parts.syncFolder,
                                                          parts.migrations, clock},
                                              given);
                               });
                           });
}

Async<BackupContent> OpenedBackups::create(std::string file, LongWork work)
{
    return begin<BackupContent>(std::move(work),
                                [file = files::absolutePath(file)](const BackupVault &vault, const LongWork &given) {
                                    return createBackup(vault, file, given);
                                });
}

Async<RestoreEffect> OpenedBackups::preview(std::string file, RestoreMode mode, LongWork work)
{
    return begin<RestoreEffect>(
        std::move(work), [file = files::absolutePath(file), mode](const BackupVault &vault, const LongWork &given) {
            return restoreBackup(vault, file, mode, Doing::Preview, given);
        });
}

Async<RestoreEffect> OpenedBackups::restore(std::string file, RestoreMode mode, LongWork work)
{
    return begin<RestoreEffect>(
        std::move(work), [file = files::absolutePath(file), mode](const BackupVault &vault, const LongWork &given) {
            return restoreBackup(vault, file, mode, Doing::Restore, given);
        });
}

Async<RestoreEffect> OpenedBackups::previewRollback(LongWork work)
{
    return begin<RestoreEffect>(std::move(work), [](const BackupVault &vault, const LongWork &given) {
        return rollBack(vault, Doing::Preview, given);
    });
}

Async<RestoreEffect> OpenedBackups::rollback(LongWork work)
{
    return begin<RestoreEffect>(std::move(work), [](const BackupVault &vault, const LongWork &given) {
        return rollBack(vault, Doing::Restore, given);
    });
}

Async<std::vector<KnownBackup>> OpenedBackups::list()
{
    return m_looks.begin<std::vector<KnownBackup>>(
        {}, [&parts = m_parts](const LongWork &) { return knownBackups(parts); });
}

Async<void> OpenedBackups::remove(std::string id)
{
    return m_looks.begin<void>(
        {}, [&parts = m_parts, id = std::move(id)](const LongWork &) { return removeBackup(parts, id); });
}

} // namespace tramontane::vault
