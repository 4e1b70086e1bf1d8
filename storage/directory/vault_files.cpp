// SPDX-License-Identifier: Apache-2.0
#include "storage/directory/vault_files.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/keys/strict_json.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

fs::path cleaned(const fs::path &folder)
{
    std::error_code failure;
    fs::path absolute = fs::absolute(folder, failure);
    if (failure)
        absolute = folder;
    absolute = absolute.lexically_normal();
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

Result<std::string> readFile(const fs::path &path)
{
    auto text = files::readWholeFile(path, kMaxFileBytes);
    if (text || (text.error().code != ErrorCode::NotFound && text.error().code != ErrorCode::InvalidArgument))
        return text;
    const std::string name = files::utf8Path(path.filename());
    if (text.error().code == ErrorCode::NotFound)
        return Error{ErrorCode::VaultDamaged,
                     "The file " + name + " of the vault is missing. Nothing was changed; restore it from a backup.",
                     text.error().detail};
    return Error{ErrorCode::VaultForeign,
                 "The file " + name
                     + " was not written by Tramontane. Nothing was changed; restore the vault from a backup.",
                 text.error().detail};
}

} // namespace

VaultFiles::VaultFiles(fs::path folder)
    : directory(cleaned(folder)), vaultDatabase(directory / "vault.db"), auditDatabase(directory / "audit.db"),
      slots(directory / "slots.json"), keys(directory / "keys.json"), nextKeys(directory / "keys.json.next"),
      nextVaultDatabase(directory / "vault.db.next"), beforeMigration(directory / "before-migration.db"),
      lock(directory / "lock"), attachments(directory / "attachments"), snapshots(directory / "snapshots"),
      auditOutbox(directory / "audit-outbox"), reserve(directory / "reserve"), backupWork(directory / "backup-work"),
      logArchives(directory / "audit-archive"), restored(directory / "restored.json")
{
}

bool VaultFiles::anyExists() const
{
    for (const fs::path &file : {vaultDatabase, auditDatabase, slots, keys}) {
        std::error_code failure;
        const auto status = fs::symlink_status(file, failure);
        if (status.type() != fs::file_type::not_found)
            return true;
    }
    return false;
}

Result<SlotFile> VaultFiles::readSlots() const
{
    const auto text = readFile(slots);
    if (!text)
        return text.error();
    return parseSlotFile(*text);
}

Result<std::string> VaultFiles::readKeys() const
{
    return readFile(keys);
}

Result<std::optional<std::string>> VaultFiles::readNextKeys() const
{
    std::error_code failure;
    if (fs::symlink_status(nextKeys, failure).type() == fs::file_type::not_found)
        return std::optional<std::string>();
    auto text = readFile(nextKeys);
    if (!text)
        return text.error();
    return std::optional<std::string>(std::move(*text));
}

Status checkFileSystem(const fs::path &directory, bool allowed,
                       const std::function<Result<bool>(const fs::path &)> &isNetwork)
{
    if (allowed)
        return {};
    const auto network = isNetwork(directory);
    if (!network)
        return network.error();
    if (!*network)
        return {};
    return Error{
        ErrorCode::NetworkFileSystem,
        "The vault would lie on a network drive, where locks and saving cannot be relied on. Choose a folder on "
        "this machine, or ask your administrator to allow it.",
        files::utf8Path(directory)};
}

} // namespace tramontane::vault
