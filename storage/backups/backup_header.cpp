// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/backup_header.h"

#include "app/core/digest.h"
#include "app/core/id.h"
#include "app/core/utf8.h"
#include "storage/keys/strict_json.h"

#include <limits>

namespace tramontane::vault {

using nlohmann::json;

namespace {

constexpr FormatName kFormat{"tramontane-backup", 1};
constexpr std::string_view kFile = "the backup";
constexpr std::size_t kMaxSlotsText = 48 * 1024;
constexpr std::size_t kMaxVersionText = 64;
constexpr int kMostSchemas = 1'000'000;

std::string keyPlace(const BackupHeader &header)
{
    return "tramontane backup key v1\n" + header.vaultId + "\n" + header.id + "\n";
}

} // namespace

Error damagedBackup(std::string_view what)
{
    return Error{ErrorCode::VaultDamaged,
                 "This backup is damaged or incomplete. Nothing was changed; take another one.", std::string(what)};
}

std::string backupHeaderText(const BackupHeader &header)
{
    return vaultFileText({{"id", header.id},
                          {"vault", header.vaultId},
                          {"created_ms", header.createdMs},
                          {"schema", header.schema},
                          {"app_version", header.appVersion},
                          {"slots", header.slots},
                          {"nonce", toHex(header.key.nonce)},
                          {"wrapped", toHex(header.key.wrapped)}},
                         kFormat);
}

Result<BackupHeader> parseBackupHeader(std::string_view text)
{
    const auto body = parseVaultFile(text, kFormat, kFile);
    if (!body)
        return body.error();
    Members members(*body);
    BackupHeader header;
    header.id = members.text("id", 36);
    header.vaultId = members.text("vault", 36);
    header.createdMs = members.integer("created_ms", 0, std::numeric_limits<std::int64_t>::max());
    header.schema = static_cast<int>(members.integer("schema", 1, kMostSchemas));
    header.appVersion = members.text("app_version", kMaxVersionText);
    header.slots = members.text("slots", kMaxSlotsText);
    members.hex("nonce", header.key.nonce);
    members.hex("wrapped", header.key.wrapped);
    if (!Uuid::fromText(header.id) || !Uuid::fromText(header.vaultId))
        members.fail("id");
    if (const auto problem = members.finish())
        return damagedBackup(*problem);
    const auto slots = parseSlotFile(header.slots);
    if (!slots)
        return slots.error().code == ErrorCode::VaultNewerSchema ? slots.error() : damagedBackup("slots");
    if (slots->vaultId != header.vaultId)
        return damagedBackup("slots of another vault");
    return header;
}

SealedKey sealBackupKey(const Key32 &key, const BackupHeader &header, const MasterKey &master)
{
    return sealKey(key, master.reading(), keyPlace(header));
}

Result<Key32> openBackupKey(const BackupHeader &header, const MasterKey &master)
{
    auto key = unsealKey(header.key, master.reading(), keyPlace(header));
    if (!key)
        return damagedBackup("the key does not open");
    return std::move(*key);
}

Result<BackupInfo> backupInfo(const BackupHeader &header, std::uint64_t fileBytes)
{
    const auto slots = parseSlotFile(header.slots);
    if (!slots)
        return slots.error();
    BackupInfo info{header.id, header.vaultId, header.createdMs, header.schema, header.appVersion, {}, fileBytes};
    for (const Slot &slot : slots->slots)
        info.slots.push_back(slot.info);
    return info;
}

} // namespace tramontane::vault
