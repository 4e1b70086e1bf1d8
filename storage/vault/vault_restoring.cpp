// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_restoring.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/backups/backup_unpacking.h"
#include "storage/backups/carried_over.h"
#include "storage/backups/staged_database.h"
#include "storage/repositories/backup_rows.h"
#include "storage/sqlite/transaction.h"
#include "storage/vault/damaged_vault.h"
#include "storage/vault/new_log.h"
#include "storage/vault/placing.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

using sqlite::Connection;

/// What opens: the slots of the backup, or those of the damaged vault that it came from, which may be newer.
struct Access {
    std::string slotsText;
    OpenedSlot opened;
};

Result<Access> openAccess(const BackupHeader &header, const std::optional<std::string> &newerSlots,
                          const SlotSecret &secret)
{
    if (newerSlots) {
        const auto slots = parseSlotFile(*newerSlots);
        auto opened = slots ? openSlot(*slots, secret) : Result<OpenedSlot>(slots.error());
        if (opened && openBackupKey(header, opened->master))
            return Access{*newerSlots, std::move(*opened)};
    }
    const auto slots = parseSlotFile(header.slots);
    if (!slots)
        return slots.error();
    auto opened = openSlot(*slots, secret);
    if (!opened)
        return opened.error();
    return Access{header.slots, std::move(*opened)};
}

/// One restoration on its way, in a folder beside the place.
class Restoration {
public:
    Restoration(const VaultOptions &options, const SlotSecret &secret, const Clock &clock, const LongWork &work)
        : m_options(options), m_secret(secret), m_clock(clock), m_work(work), m_place(options.directory)
    {
    }
    [[nodiscard]] Result<BackupContent> verify(BackupFileReader &reader);
    [[nodiscard]] Result<RestoredParts> restore(BackupFileReader &reader, const fs::path &file,
                                                std::optional<DamagedVault> damaged);

private:
    [[nodiscard]] Status unpack(BackupFileReader &reader, const std::optional<std::string> &newerSlots,
                                bool withAttachments);
    [[nodiscard]] Status takeLog(const std::optional<DamagedVault> &damaged);
    [[nodiscard]] Status finishDatabase(const fs::path &file);
    [[nodiscard]] Status writeKeys();
    [[nodiscard]] Result<RestoredParts> moveAndOpen(std::optional<DamagedVault> damaged);

    const VaultOptions &m_options;
    const SlotSecret &m_secret;
    const Clock &m_clock;
    const LongWork &m_work;
    const VaultFiles m_place;
    Undo m_undo;
    std::optional<Unfinished> m_unfinished;
    std::optional<Access> m_access;
    std::optional<UnpackedBackup> m_backup;
    bool m_sameLog = false;
};

Status Restoration::unpack(BackupFileReader &reader, const std::optional<std::string> &newerSlots, bool withAttachments)
{
    auto access = openAccess(reader.header(), newerSlots, m_secret);
    if (!access)
        return access.error();
    const auto key = openBackupKey(reader.header(), access->opened.master);
    if (!key)
        return key.error();
    reader.unlock(*key);
    m_access = std::move(*access);
    auto unfinished = beginBeside(m_place, Uuid::make(m_clock.utcMs()).text(), m_undo);
    if (!unfinished)
        return unfinished.error();
    m_unfinished = std::move(*unfinished);
    const VaultFiles &files = m_unfinished->files;
    if (auto made = makeFolders(files); !made)
        return made;
    const AttachmentPlace place = [&](const std::string &name) {
        return withAttachments ? files.attachments / name : fs::path();
    };
    auto backup = unpackBackup(reader, m_access->opened.master, files.directory, place, m_options.migrations, m_work);
    if (!backup)
        return backup.error();
    m_backup = std::move(*backup);
    return {};
}

Result<BackupContent> Restoration::verify(BackupFileReader &reader)
{
    if (auto unpacked = unpack(reader, std::nullopt, false); !unpacked)
        return unpacked.error();
    return m_backup->content;
}

/// The log of the damaged vault goes on if it is the same one, and not older than the backup; else the backup's becomes
/// an archive.
Status Restoration::takeLog(const std::optional<DamagedVault> &damaged)
{
    const VaultFiles &files = m_unfinished->files;
    if (damaged) {
        const auto taken = copyWholeLog(*damaged, m_backup->keys, m_backup->content, files);
        if (!taken)
            return taken.error();
        m_sameLog = *taken;
    }
    if (m_sameLog)
        return {};
    const Restored restored{m_backup->content.info.id, {m_backup->content.auditLog, m_backup->content.auditHead}};
    return files::replaceFile(files.restored, restoredText(restored));
}

Status Restoration::finishDatabase(const fs::path &file)
{
    const DataKeys &keys = m_backup->keys;
    auto log = SqliteAuditLog::open({m_unfinished->files.auditDatabase,
                                     keys.audit.clone(),
                                     std::nullopt,
                                     m_options.environment,
                                     {},
                                     keys.signingPublic},
                                    m_clock);
    if (!log)
        return log.error();
    const auto erased = erasedInLog(**log, m_clock.utcMs());
    if (auto closed = (*log)->close().result(); !closed || !erased)
        return erased ? closed : Status(erased.error());
    auto staged = openStaged(m_backup->vaultDatabase, keys.vault, m_options.migrations);
    if (!staged)
        return staged.error();
    if (const auto kept = keepOut(**staged, *erased); !kept)
        return kept.error();
    const BackupInfo &info = m_backup->content.info;
    const KnownBackup known{info.id, BackupKind::File, files::utf8Path(file), info.createdMs, info.bytes, info.schema,
                            true};
    const Status anew = sqlite::inTransaction(**staged, [&]() -> Status {
        if (auto started = startAnew(**staged); !started)
            return started;
        return rememberBackup(**staged, known);
    });
    return anew ? (*staged)->close() : anew;
}

Status Restoration::writeKeys()
{
    const VaultFiles &files = m_unfinished->files;
    if (auto written = files::replaceFile(files.keys, m_backup->keysText); !written)
        return written;
    return files::replaceFile(files.slots, m_access->slotsText);
}

Result<RestoredParts> Restoration::moveAndOpen(std::optional<DamagedVault> damaged)
{
    fs::path kept;
    if (damaged) {
        auto aside = moveAside(std::move(*damaged), m_place, m_clock.utcMs());
        if (!aside)
            return aside.error();
        kept = *aside;
    }
    const auto putBack = [&](const Error &error) {
        std::error_code ignored;
        m_unfinished->lock.release();
        fs::remove_all(m_place.directory, ignored);
        if (!kept.empty())
            fs::rename(kept, m_place.directory, ignored);
        return error;
    };
    if (auto moved = moveIntoPlace(*m_unfinished, m_place, m_options.syncFolder, m_undo); !moved)
        return putBack(moved.error());
    auto opened = openDatabases(m_place,
                                {std::move(m_unfinished->lock), m_backup->content.info.vaultId,
                                 std::move(m_access->opened), std::move(m_backup->keys)},
                                m_options, m_clock);
    if (!opened)
        return putBack(opened.error());
    m_undo.keepAll();
    return RestoredParts{std::move(*opened), m_backup->content, kept, m_sameLog};
}

Result<RestoredParts> Restoration::restore(BackupFileReader &reader, const fs::path &file,
                                           std::optional<DamagedVault> damaged)
{
    if (auto unpacked = unpack(reader, damaged ? damaged->slotsText : std::nullopt, true); !unpacked)
        return unpacked.error();
    if (auto taken = takeLog(damaged); !taken)
        return taken.error();
    if (auto finished = finishDatabase(file); !finished)
        return finished.error();
    if (auto written = writeKeys(); !written)
        return written.error();
    if (m_work.stop.stop_requested())
        return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
    return moveAndOpen(std::move(damaged));
}

} // namespace

Result<RestoredParts> restoreVault(const VaultOptions &options, const fs::path &file, const SlotSecret &secret,
                                   RestorePlace where, bool networkAllowed, const Clock &clock, const LongWork &work)
{
    const VaultFiles place(options.directory);
    if (auto local = checkFileSystem(place.directory, networkAllowed, options.isNetworkFileSystem); !local)
        return local.error();
    auto reader = BackupFileReader::open(file);
    if (!reader)
        return reader.error();
    std::optional<DamagedVault> damaged;
    if (where == RestorePlace::Free) {
        if (auto free = checkPlace(place); !free)
            return free.error();
    } else {
        auto found = examineDamaged(place, reader->header().vaultId, secret);
        if (!found)
            return found.error();
        damaged = std::move(*found);
    }
    return Restoration(options, secret, clock, work).restore(*reader, file, std::move(damaged));
}

Result<BackupContent> verifyBackup(const VaultOptions &options, const fs::path &file, const SlotSecret &secret,
                                   const Clock &clock, const LongWork &work)
{
    auto reader = BackupFileReader::open(file);
    if (!reader)
        return reader.error();
    return Restoration(options, secret, clock, work).verify(*reader);
}

} // namespace tramontane::vault
