// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/replacing.h"

#include "storage/backups/carried_over.h"
#include "storage/sqlite/content_hash.h"
#include "storage/sqlite/database_copy.h"
#include "storage/sqlite/transaction.h"

namespace tramontane::vault {

namespace {

using ConnectionSlot = std::unique_ptr<sqlite::Connection>;

constexpr sqlite::OpenOptions kVaultDatabase{.applicationId = migrations::kVaultApplicationId};

Status writeNext(const BackupVault &vault, sqlite::Connection &staged, const Key32 &key, const std::stop_token &stop)
{
    auto copy = sqlite::DatabaseCopy::begin(staged, vault.files.nextVaultDatabase, key);
    if (!copy)
        return copy.error();
    if (const auto complete = (*copy)->step(-1); !complete)
        return complete.error();
    if (auto finished = (*copy)->finish(); !finished)
        return finished;
    const auto checked =
        sqlite::checkDatabase(vault.files.nextVaultDatabase, key, migrations::kVaultApplicationId, stop);
    if (!checked)
        return checked.error();
    const auto content = sqlite::contentHash(staged);
    if (!content)
        return content.error();
    if (checked->content == *content)
        return {};
    return Error{ErrorCode::IoFailed,
                 "Nothing was restored: what the disk gave back is not what was written. Check the disk.",
                 "content of vault.db.next"};
}

Status swap(const BackupVault &vault, ConnectionSlot &slot, const Key32 &key, AfterReplacing after)
{
    // A write-ahead log that came back after a power cut would be replayed into the new file.
    if (auto folded = slot->checkpoint(); !folded)
        return folded;
    Status swapped = slot->close();
    slot.reset();
    if (swapped)
        swapped = swapDatabase(vault.files, vault.syncFolder);
    if (swapped && after == AfterReplacing::Stop)
        return {};
    auto opened = sqlite::Connection::open(vault.files.vaultDatabase, key, kVaultDatabase);
    if (!opened)
        return opened.error();
    slot = std::move(*opened);
    return swapped;
}

Status replaceInThread(const BackupVault &vault, sqlite::Connection &staged, const Key32 &key, ConnectionSlot &slot,
                       AfterReplacing after, const std::stop_token &stop)
{
    auto carried = sqlite::inTransaction(staged, [&] { return carryOver(*slot, staged); });
    if (!carried)
        return carried;
    if (auto folded = staged.checkpoint(); !folded)
        return folded;
    removeSwapLeftovers(vault.files);
    Status done = writeNext(vault, staged, key, stop);
    if (done)
        done = swap(vault, slot, key, after);
    if (!done)
        removeSwapLeftovers(vault.files);
    return done;
}

} // namespace

Status replaceContent(const BackupVault &vault, sqlite::Connection &staged, AfterReplacing after,
                      const std::stop_token &stop)
{
    const auto text = vault.files.readKeys();
    if (!text)
        return text.error();
    const auto keys = readKeyFile(*text, vault.vaultId, vault.master);
    if (!keys)
        return keys.error();
    return vault.database
        .exchange([&](ConnectionSlot &slot) { return replaceInThread(vault, staged, keys->vault, slot, after, stop); })
        .result();
}

} // namespace tramontane::vault
