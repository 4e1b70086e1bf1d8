// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_opening.h"

#include "app/platform/files/file_error.h"
#include "storage/migrations/migrations.h"
#include "storage/repositories/audit_head_rows.h"

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

audit::RecordEnvironment environmentOf(const VaultOptions &options, SlotKind slot, const Clock &clock)
{
    audit::RecordEnvironment environment = options.environment;
    environment.sessionId = Uuid::make(clock.utcMs()).text();
    environment.auth = slot == SlotKind::Keychain ? "keychain" : "passphrase";
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
    const auto keyText = files.readKeys();
    if (!keyText)
        return keyText.error();
    auto master = openMaster(*slots, secret);
    if (!master)
        return master.error();
    auto keys = readKeyFile(*keyText, slots->vaultId, *master);
    if (!keys)
        return keys.error();
    return openDatabases(files, std::move(*lock), slots->vaultId, std::move(*master), std::move(*keys), options,
                         secret.kind, clock);
}

Result<OpenParts> openDatabases(const VaultFiles &files, files::FileLock lock, const std::string &vaultId, Key32 master,
                                DataKeys keys, const VaultOptions &options, SlotKind slot, const Clock &clock)
{
    auto connection = openVaultDatabase(files, keys.vault);
    if (!connection)
        return connection.error();
    const auto version = migrations::checkedVersion(**connection, migrations::vaultMigrations());
    if (!version) {
        (*connection)->abandon();
        return version.error();
    }
    auto heads = readAuditHeads(**connection);
    if (!heads) {
        (*connection)->abandon();
        return heads.error();
    }
    auto reserve = std::make_unique<ReserveFile>(files.reserve, options.reserveBytes, clock);
    auto log = SqliteAuditLog::open({files.auditDatabase, std::move(keys.audit), std::move(keys.signingSeed),
                                     environmentOf(options, slot, clock), std::move(*heads), reserve.get()},
                                    clock);
    if (!log) {
        (*connection)->abandon();
        return log.error();
    }
    lock.announce(options.program);
    sqlite::DiskRoom *room = reserve.get();
    return OpenParts{files,
                     std::move(lock),
                     vaultId,
                     std::move(master),
                     std::move(keys.snapshots),
                     options.snapshots,
                     std::move(reserve),
                     std::make_unique<VaultDatabase>(std::move(*connection), room),
                     std::move(*log)};
}

} // namespace tramontane::vault
