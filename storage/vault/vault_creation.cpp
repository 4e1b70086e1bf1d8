// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_creation.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/migrations/migrations.h"
#include "storage/vault/placing.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

Status makeVaultDatabase(const VaultFiles &files, const Key32 &key, const VaultOptions &options)
{
    auto connection = sqlite::Connection::open(
        files.vaultDatabase, key, {.mode = sqlite::OpenMode::Create, .applicationId = migrations::kVaultApplicationId});
    if (!connection)
        return connection.error();
    if (auto migrated = migrations::migrate(**connection, options.migrations); !migrated)
        return migrated;
    if (auto moved = (*connection)->checkpoint(); !moved)
        return moved;
    return (*connection)->close();
}

/// What makes a vault this one.
struct NewVault {
    std::string id;
    MasterKey master = MasterKey::random();
    DataKeys keys;
    Slot slot;
};

Result<NewVault> newVault(const VaultOptions &options, const SlotSecret &first, const Clock &clock)
{
    NewVault made;
    made.id = Uuid::make(clock.utcMs()).text();
    KdfParameters kdf;
    if (first.kind == SlotKind::Passphrase) {
        const auto cost = options.costOfPassphrase()();
        if (!cost)
            return cost.error();
        kdf = *cost;
    }
    auto slot = makeSlot(made.id, first, made.master, kdf, clock.utcMs());
    if (!slot)
        return slot.error();
    made.slot = std::move(*slot);
    return made;
}

Status makeAuditDatabase(const VaultFiles &files, const DataKeys &keys, const VaultOptions &options, const Clock &clock)
{
    audit::RecordEnvironment environment = options.environment;
    environment.sessionId = Uuid::make(clock.utcMs()).text();
    const audit_store::LogAccess access{files.auditDatabase, keys.audit.clone(), keys.signingSeed->clone(),
                                        environment};
    return SqliteAuditLog::create(access, clock);
}

Status fillFolder(const VaultFiles &files, const NewVault &vault, const VaultOptions &options, const Clock &clock)
{
    if (auto made = makeFolders(files); !made)
        return made;
    if (auto made = makeVaultDatabase(files, vault.keys.vault, options); !made)
        return made;
    if (auto made = makeAuditDatabase(files, vault.keys, options, clock); !made)
        return made;
    if (auto made = files::replaceFile(files.keys, keyFileText(vault.id, vault.keys, vault.master)); !made)
        return made;
    return files::replaceFile(files.slots, slotFileText({vault.id, {vault.slot}}));
}

Result<Unfinished> buildBeside(const VaultFiles &place, const NewVault &vault, const VaultOptions &options,
                               const Clock &clock, Undo &undo)
{
    auto unfinished = beginBeside(place, vault.id, undo);
    if (!unfinished)
        return unfinished;
    if (auto filled = fillFolder(unfinished->files, vault, options, clock); !filled)
        return filled.error();
    return unfinished;
}

} // namespace

Result<OpenParts> createVault(const VaultOptions &options, const SlotSecret &first, bool networkAllowed,
                              const Clock &clock)
{
    const VaultFiles place(options.directory);
    if (auto free = checkPlace(place); !free)
        return free.error();
    if (auto local = checkFileSystem(place.directory, networkAllowed, options.isNetworkFileSystem); !local)
        return local.error();
    auto vault = newVault(options, first, clock);
    if (!vault)
        return vault.error();
    Undo undo;
    auto unfinished = buildBeside(place, *vault, options, clock, undo);
    if (!unfinished)
        return unfinished.error();
    if (auto moved = moveIntoPlace(*unfinished, place, options.syncFolder, undo); !moved)
        return moved.error();
    auto opened = openDatabases(
        place,
        {std::move(unfinished->lock), vault->id, {std::move(vault->master), vault->slot.info}, std::move(vault->keys)},
        options, clock);
    if (opened)
        undo.keepAll();
    return opened;
}

Status discardVault(const VaultOptions &options, const std::string &vaultId)
{
    const VaultFiles place(options.directory);
    {
        const auto lock = files::FileLock::acquire(place.lock);
        if (!lock)
            return lock.error();
        const auto slots = place.readSlots();
        if (!slots)
            return slots.error();
        if (slots->vaultId != vaultId)
            return Error{ErrorCode::VaultExists, "Another vault has taken this place. Nothing was changed.", {}};
    }
    // First away from its place as a whole: what a crash leaves then is removed by the next creation.
    const fs::path folder = unfinishedFolder(place, vaultId);
    std::error_code failure;
    fs::rename(place.directory, folder, failure);
    if (failure)
        return files::fileError(failure, "moving", place.directory);
    fs::remove_all(folder, failure);
    if (failure)
        return files::fileError(failure, "removing", folder);
    return options.syncFolder(place.directory.parent_path());
}

} // namespace tramontane::vault
