// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/damaged_vault.h"

#include "app/core/clock.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/audit/audit_schema.h"
#include "storage/audit/log_archive.h"
#include "storage/keys/strict_json.h"
#include "storage/migrations/migrations.h"
#include "storage/sqlite/database_copy.h"
#include "storage/sqlite/inspection.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

/// Everything that opening needs, and every page.
bool holds(const fs::path &path, const Key32 &key, std::uint32_t applicationId)
{
    const auto connection = sqlite::Connection::open(path, key, {.applicationId = applicationId});
    if (!connection)
        return false;
    const bool whole = sqlite::inspect(**connection).ok();
    (*connection)->abandon();
    return whole;
}

Status mustBeDamaged(const VaultFiles &files, const SlotFile &slots, const SlotSecret &secret)
{
    const auto opened = openSlot(slots, secret);
    if (!opened)
        return opened.error();
    const auto text = files.readKeys();
    const auto keys = text ? readKeyFile(*text, slots.vaultId, opened->master) : Result<DataKeys>(text.error());
    if (!keys || !holds(files.vaultDatabase, keys->vault, migrations::kVaultApplicationId)
        || !holds(files.auditDatabase, keys->audit, audit_store::kApplicationId))
        return {};
    return Error{ErrorCode::VaultExists,
                 "The vault there is whole. Nothing was changed; open it, and restore the backup into it.",
                 files::utf8Path(files.directory)};
}

} // namespace

Result<DamagedVault> examineDamaged(const VaultFiles &place, const std::string &vaultId, const SlotSecret &secret)
{
    if (!place.anyExists())
        return Error{ErrorCode::VaultMissing, "There is no vault here. Nothing was changed.",
                     files::utf8Path(place.directory)};
    auto lock = files::FileLock::acquire(place.lock);
    if (!lock)
        return lock.error();
    DamagedVault vault{place, std::move(*lock), std::nullopt};
    const auto slots = place.readSlots();
    if (!slots)
        return vault;
    if (slots->vaultId != vaultId)
        return Error{ErrorCode::VaultForeign,
                     "This is a backup of another vault than the one that lies there. Nothing was changed; restore it "
                     "somewhere else (--home DIR).",
                     ""};
    auto text = files::readWholeFile(place.slots, kMaxFileBytes);
    if (text)
        vault.slotsText = std::move(*text);
    if (auto damaged = mustBeDamaged(place, *slots, secret); !damaged)
        return damaged.error();
    return vault;
}

Result<bool> copyWholeLog(const DamagedVault &vault, const DataKeys &keys, const BackupContent &backup,
                          const VaultFiles &target)
{
    if (!holds(vault.files.auditDatabase, keys.audit, audit_store::kApplicationId))
        return false;
    fs::path copied = target.auditDatabase;
    copied += ".next";
    {
        const auto source = sqlite::Connection::open(vault.files.auditDatabase, keys.audit,
                                                     {.applicationId = audit_store::kApplicationId});
        if (!source)
            return source.error();
        auto copy = sqlite::DatabaseCopy::begin(**source, copied, keys.audit);
        if (!copy)
            return copy.error();
        if (const auto complete = (*copy)->step(-1); !complete)
            return complete.error();
        if (auto finished = (*copy)->finish(); !finished)
            return finished.error();
        (*source)->abandon();
    }
    const auto log = audit_store::readArchive(copied, keys.audit, keys.signingPublic);
    const auto whole = audit_store::verifyArchive(copied, keys.audit, keys.signingPublic);
    std::error_code failure;
    if (!log || !whole || !whole->whole() || log->logId != backup.auditLog || log->head.size < backup.auditHead.size) {
        fs::remove(copied, failure);
        return false;
    }
    fs::rename(copied, target.auditDatabase, failure);
    return failure ? Result<bool>(files::fileError(failure, "writing", target.auditDatabase)) : Result<bool>(true);
}

Result<fs::path> moveAside(DamagedVault vault, const VaultFiles &place, std::int64_t nowMs)
{
    vault.lock.release();
    std::string time = rfc3339(nowMs).substr(0, 19);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    fs::path aside = place.directory;
    aside += ".damaged-" + time;
    std::error_code failure;
    fs::rename(place.directory, aside, failure);
    if (failure)
        return files::fileError(failure, "moving", place.directory);
    return aside;
}

} // namespace tramontane::vault
