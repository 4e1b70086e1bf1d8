// SPDX-License-Identifier: Apache-2.0
#include "storage/directory/database_swap.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/migrations/migrations.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

void removeSwapLeftovers(const VaultFiles &files)
{
    // On a disk that cannot be written they stay, and open nothing that the vault does not open.
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-journal"}) {
        fs::path file = files.nextVaultDatabase;
        fs::remove(file += suffix, ignored);
    }
    fs::remove(files.nextKeys, ignored);
}

namespace {

Status renamed(const fs::path &from, const fs::path &to)
{
    std::error_code failure;
    fs::rename(from, to, failure);
    return failure ? Status(files::fileError(failure, "replacing", to)) : Status();
}

} // namespace

Result<bool> opensWith(const fs::path &path, const Key32 &key)
{
    sqlite::OpenOptions options{.applicationId = migrations::kVaultApplicationId};
    auto connection = sqlite::Connection::open(path, key, options);
    if (!connection && connection.error().code == ErrorCode::StorageReadOnly) {
        options.mode = sqlite::OpenMode::ReadOnly;
        connection = sqlite::Connection::open(path, key, options);
    }
    if (connection) {
        (*connection)->abandon();
        return true;
    }
    if (connection.error().code == ErrorCode::VaultDamaged)
        return false;
    return connection.error();
}

Result<DataKeys> settledKeys(const VaultFiles &files, const std::string &vaultId, const MasterKey &master,
                             const SyncFolder &syncFolder)
{
    const auto text = files.readKeys();
    if (!text)
        return text.error();
    auto keys = readKeyFile(*text, vaultId, master);
    if (!keys)
        return keys.error();
    const auto nextText = files.readNextKeys();
    if (!nextText || !*nextText) {
        if (nextText)
            removeSwapLeftovers(files);
        return keys;
    }
    auto next = readKeyFile(**nextText, vaultId, master);
    // Without it nothing can have been swapped that anybody could open; keys.json then has to fit.
    if (!next)
        return keys;
    const auto swapped = opensWith(files.vaultDatabase, next->vault);
    if (!swapped && swapped.error().code != ErrorCode::NotFound)
        return swapped.error();
    if (!swapped || !*swapped) {
        removeSwapLeftovers(files);
        return keys;
    }
    if (renamed(files.nextKeys, files.keys))
        static_cast<void>(syncFolder(files.directory)); // else it is done at the next opening
    return next;
}

Status swapWithKeys(const VaultFiles &files, const std::string &keyText, const SyncFolder &syncFolder)
{
    if (auto written = files::replaceFile(files.nextKeys, keyText); !written)
        return written;
    if (auto swapped = swapDatabase(files, syncFolder); !swapped)
        return swapped;
    // Only now: were this rename on the disk without the other one, no key would fit.
    auto moved = renamed(files.nextKeys, files.keys);
    if (moved)
        moved = syncFolder(files.directory);
    if (moved)
        return {};
    return Error{moved.error().code,
                 "The vault has its new key, but the disk reported an error behind it. The rest is done when the vault "
                 "is opened the next time.",
                 moved.error().detail};
}

Status swapDatabase(const VaultFiles &files, const SyncFolder &syncFolder)
{
    if (auto moved = renamed(files.nextVaultDatabase, files.vaultDatabase); !moved)
        return moved;
    return syncFolder(files.directory);
}

} // namespace tramontane::vault
