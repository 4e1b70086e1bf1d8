// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_opening.h"

#include "app/platform/files/file_error.h"
#include "storage/directory/database_swap.h"
#include "storage/migrations/migrations.h"
#include "storage/repositories/audit_head_rows.h"
#include "storage/vault/new_log.h"
#include "storage/vault/vault_migration.h"

namespace tramontane::vault {

namespace {

Result<std::unique_ptr<sqlite::Connection>> openVaultDatabase(const VaultFiles &files, const Key32 &key)
{
    sqlite::OpenOptions options{.applicationId = migrations::kVaultApplicationId};
    auto connection = sqlite::Connection::open(files.vaultDatabase, key, options);
    if (!connection && connection.error().code == ErrorCode::StorageReadOnly) {
        options.mode = sqlite::OpenMode::ReadOnly;
        connection = sqlite::Connection::open(files.vaultDatabase, key, options);
    }
    if (!connection && connection.error().code == ErrorCode::NotFound)
        return Error{ErrorCode::VaultDamaged,
                     "The file vault.db of the vault is missing. Nothing was changed; restore it from a backup.",
                     connection.error().detail};
    return connection;
}

Status bringToNewestSchema(const VaultFiles &files, const Key32 &key, const VaultOptions &options, const Clock &clock,
                           std::unique_ptr<sqlite::Connection> &connection)
{
    const auto version = migrations::checkedVersion(*connection, options.migrations);
    if (!version)
        return version.error();
    removeForeignCopy(files, key);
    if (*version == migrations::newestVersion(options.migrations))
        return {};
    return migrateVault({files, key, options.syncFolder, clock, options.migrations}, connection);
}

audit::RecordEnvironment environmentOf(const VaultOptions &options, SlotKind slot, const Clock &clock)
{
    audit::RecordEnvironment environment = options.environment;
    environment.sessionId = Uuid::make(clock.utcMs()).text();
    environment.auth = std::string(slotKindName(slot));
    return environment;
}

Error missingVault(const VaultFiles &files)
{
    return Error{ErrorCode::VaultMissing, "There is no vault here yet. Make one first.",
                 files::utf8Path(files.directory)};
}

} // namespace

Result<OpenParts> openVault(const VaultOptions &options, const SlotSecret &secret, bool networkAllowed,
                            const Clock &clock)
{
    const VaultFiles files(options.directory);
    if (!files.anyExists())
        return missingVault(files);
    if (auto local = checkFileSystem(files.directory, networkAllowed, options.isNetworkFileSystem); !local)
        return local.error();
    auto lock = files::FileLock::acquire(files.lock);
    if (!lock)
        return lock.error();
    const auto slots = files.readSlots();
    if (!slots)
        return slots.error();
    if (const auto keyText = files.readKeys(); !keyText)
        return keyText.error(); // before anybody waits for the derivation of a key
    auto opened = openSlot(*slots, secret);
    if (!opened)
        return opened.error();
    auto keys = settledKeys(files, slots->vaultId, opened->master, options.syncFolder);
    if (!keys)
        return keys.error();
    return openDatabases(files, {std::move(*lock), slots->vaultId, std::move(*opened), std::move(*keys)}, options,
                         clock);
}

Result<OpenParts> openDatabases(const VaultFiles &files, UnlockedVault vault, const VaultOptions &options,
                                const Clock &clock)
{
    DataKeys &keys = vault.keys;
    auto connection = openVaultDatabase(files, keys.vault);
    if (!connection)
        return connection.error();
    if (auto current = bringToNewestSchema(files, keys.vault, options, clock, *connection); !current) {
        if (*connection)
            (*connection)->abandon();
        return current.error();
    }
    auto heads = readAuditHeads(**connection);
    if (!heads) {
        (*connection)->abandon();
        return heads.error();
    }
    if (auto begun =
            beginNewLog(files, keys, environmentOf(options, vault.opened.slot.kind, clock), options.syncFolder, clock);
        !begun) {
        (*connection)->abandon();
        return begun.error();
    }
    auto reserve = std::make_unique<ReserveFile>(files.reserve, options.reserveBytes, clock);
    auto log = SqliteAuditLog::open({files.auditDatabase, std::move(keys.audit), std::move(keys.signingSeed),
                                     environmentOf(options, vault.opened.slot.kind, clock), std::move(*heads),
                                     keys.signingPublic, reserve.get()},
                                    clock);
    if (!log) {
        (*connection)->abandon();
        return log.error();
    }
    vault.lock.announce(options.program);
    sqlite::DiskRoom *room = reserve.get();
    return OpenParts{files,
                     std::move(vault.lock),
                     vault.vaultId,
                     std::move(vault.opened.master),
                     std::move(vault.opened.slot),
                     options.costOfPassphrase(),
                     std::move(keys.snapshots),
                     std::move(keys.attachments),
                     options.environment.osUser,
                     options.snapshots,
                     std::move(reserve),
                     std::make_unique<VaultDatabase>(std::move(*connection), room),
                     std::move(*log),
                     options.syncFolder,
                     options.environment.appVersion,
                     options.migrations};
}

} // namespace tramontane::vault
