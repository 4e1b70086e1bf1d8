// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/key_rotation.h"

#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"
#include "storage/migrations/migrations.h"
#include "storage/repositories/backup_rows.h"
#include "storage/repositories/online_copy.h"
#include "storage/sqlite/content_hash.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

using ConnectionSlot = std::unique_ptr<sqlite::Connection>;

constexpr std::uint64_t kSpareBytes = 8 << 20; // for what others write meanwhile
constexpr sqlite::OpenOptions kVaultDatabase{.applicationId = migrations::kVaultApplicationId};

std::uint64_t sizeOf(const fs::path &path)
{
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    return failure ? 0 : size;
}

Status checkSpace(const VaultFiles &files)
{
    fs::path wal = files.vaultDatabase;
    const std::uint64_t needed = sizeOf(files.vaultDatabase) + sizeOf(wal += "-wal") + kSpareBytes;
    const auto free = files::freeBytes(files.directory);
    if (!free)
        return free.error();
    if (*free >= needed)
        return {};
    return Error{ErrorCode::NoSpace,
                 "The key was not changed: for a moment the vault is on the disk twice, which needs "
                     + std::to_string((needed >> 20) + 1) + " MiB. Free some space and try again.",
                 std::to_string(*free) + " bytes free"};
}

struct Rotation {
    DataKeys before;
    DataKeys after;
};

/// keys.json twice, because keys are never copied in memory; the second one gets the new key.
Result<Rotation> newKeys(const RotationPlace &place)
{
    const auto text = place.files.readKeys();
    if (!text)
        return text.error();
    auto before = readKeyFile(*text, place.vaultId, place.master);
    auto after = readKeyFile(*text, place.vaultId, place.master);
    if (!before || !after)
        return !before ? before.error() : after.error();
    after->vault = Key32::random();
    ++after->versions.vault;
    return Rotation{std::move(*before), std::move(*after)};
}

/// Holds the copy against its source: nobody writes to either now.
Status verify(sqlite::Connection &source, const RotationPlace &place, const Rotation &keys, const std::stop_token &stop)
{
    const auto copy =
        sqlite::checkDatabase(place.files.nextVaultDatabase, keys.after.vault, migrations::kVaultApplicationId, stop);
    if (!copy)
        return copy.error();
    source.stopWith(stop);
    const auto content = sqlite::contentHash(source);
    source.stopWith({});
    if (!content)
        return content.error();
    if (copy->content != *content)
        return Error{ErrorCode::IoFailed,
                     "The key was not changed: what the disk gave back is not what was written. Check the disk.",
                     "content of vault.db.next"};
    const auto old = opensWith(place.files.nextVaultDatabase, keys.before.vault);
    if (!old)
        return old.error();
    return *old ? Status(Error{ErrorCode::Internal, "The key was not changed: the old one still fits.", ""}) : Status();
}

/// Puts back a connection to whichever of the two files lies there now. True: the new one.
Result<bool> reopen(ConnectionSlot &slot, const RotationPlace &place, const Rotation &keys)
{
    auto opened = sqlite::Connection::open(place.files.vaultDatabase, keys.after.vault, kVaultDatabase);
    const bool isNew = opened.ok();
    if (!opened)
        opened = sqlite::Connection::open(place.files.vaultDatabase, keys.before.vault, kVaultDatabase);
    if (!opened)
        return opened.error();
    slot = std::move(*opened);
    return isNew;
}

Status swap(ConnectionSlot &slot, const RotationPlace &place, const Rotation &keys)
{
    // A WAL that came back after a power cut would be replayed into the new file: it is emptied while that can still fail.
    if (auto folded = slot->checkpoint(); !folded) {
        removeSwapLeftovers(place.files);
        return folded;
    }
    Status swapped = slot->close();
    slot.reset();
    if (swapped)
        swapped = swapWithKeys(place.files, keyFileText(place.vaultId, keys.after, place.master), place.syncFolder);
    const auto isNew = reopen(slot, place, keys);
    // Once the new file is in place, keys.json.next may hold its only key.
    if (isNew && !*isNew)
        removeSwapLeftovers(place.files);
    if (!swapped)
        return swapped;
    return isNew ? Status() : Status(isNew.error());
}

/// In the database's thread. What was not yet written waits in VaultDatabase and goes into the new file.
Status completeAndSwap(ConnectionSlot &slot, sqlite::DatabaseCopy &copy, const RotationPlace &place,
                       const Rotation &keys, const std::stop_token &stop)
{
    const auto complete = copy.step(-1);
    Status ready = complete ? copy.finish() : Status(complete.error());
    if (ready)
        ready = verify(*slot, place, keys, stop);
    if (ready)
        return swap(slot, place, keys);
    removeSwapLeftovers(place.files);
    return ready;
}

} // namespace

Result<RotatedKey> rotateVaultKey(const RotationPlace &place, const LongWork &work)
{
    if (auto enough = checkSpace(place.files); !enough)
        return enough.error();
    if (auto finished = finishKeyChange(place.files, place.syncFolder); !finished)
        return finished.error();
    auto keys = newKeys(place);
    if (!keys)
        return keys.error();
    removeSwapLeftovers(place.files);
    auto copy = OnlineCopy::begin(place.database, place.files.nextVaultDatabase, keys->after.vault);
    if (!copy)
        return copy.error();
    if (auto advanced = copy->advance(work); !advanced)
        return advanced.error();
    auto &rest = copy->inDatabaseThread();
    const Status swapped =
        place.database
            .exchange([&](ConnectionSlot &slot) { return completeAndSwap(slot, rest, place, *keys, work.stop); })
            .result();
    if (!swapped)
        return swapped.error();
    // It would be the last file that the old key opens.
    auto forgotten =
        place.database.write([](sqlite::Connection &c) { return forgetBackups(c, BackupKind::BeforeMigration); });
    if (const Status done = forgotten.result(); !done)
        return done.error();
    std::error_code failure;
    fs::remove(place.files.beforeMigration, failure);
    if (failure)
        return files::fileError(failure, "removing", place.files.beforeMigration);
    if (auto synced = place.syncFolder(place.files.directory); !synced)
        return synced.error();
    return RotatedKey{keys->after.versions.vault, sizeOf(place.files.vaultDatabase)};
}

} // namespace tramontane::vault
