// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/key_file.h"

#include "app/core/digest.h"
#include "app/core/id.h"
#include "storage/keys/sealed_key.h"
#include "storage/keys/strict_json.h"

#include <array>
#include <map>

namespace tramontane::vault {

using nlohmann::json;

namespace {

constexpr FormatName kFormat{"tramontane-keys", 1};
constexpr std::string_view kFile = "keys.json";
constexpr int kFirstVersion = 1;
constexpr int kMaxVersion = 1'000'000;

struct Purpose {
    const char *name;
    Key32 DataKeys::*key;
    int DataKeys::Versions::*version;
};
constexpr std::array<Purpose, 5> kPurposes{{{"vault", &DataKeys::vault, &DataKeys::Versions::vault},
                                            {"audit", &DataKeys::audit, &DataKeys::Versions::audit},
                                            {"signing-seed", &DataKeys::signingSeed, &DataKeys::Versions::signingSeed},
                                            {"attachments", &DataKeys::attachments, &DataKeys::Versions::attachments},
                                            {"snapshots", &DataKeys::snapshots, &DataKeys::Versions::snapshots}}};

std::string associatedData(const std::string &vaultId, const std::string &purpose, std::int64_t version)
{
    return "tramontane key v1\n" + vaultId + "\n" + purpose + "\n" + std::to_string(version) + "\n";
}

struct StoredKey {
    std::string purpose;
    std::int64_t version = 0;
    SealedKey sealed;
};

StoredKey readStoredKey(const json &object, Members &file)
{
    Members members(object);
    StoredKey key;
    key.purpose = members.text("purpose", 32);
    key.version = members.integer("version", kFirstVersion, kMaxVersion);
    members.hex("nonce", key.sealed.nonce);
    members.hex("wrapped", key.sealed.wrapped);
    if (const auto problem = members.finish())
        file.fail("key: " + *problem);
    return key;
}

} // namespace

std::string keyFileText(const std::string &vaultId, const DataKeys &keys, const Key32 &master)
{
    json list = json::array();
    for (const auto &[name, member, versionOf] : kPurposes) {
        const int version = keys.versions.*versionOf;
        const SealedKey sealed = sealKey(keys.*member, master, associatedData(vaultId, name, version));
        list.push_back({{"purpose", name},
                        {"version", version},
                        {"nonce", toHex(sealed.nonce)},
                        {"wrapped", toHex(sealed.wrapped)}});
    }
    return vaultFileText({{"vault", vaultId}, {"keys", std::move(list)}}, kFormat);
}

Result<DataKeys> readKeyFile(std::string_view text, const std::string &vaultId, const Key32 &master)
{
    const auto body = parseVaultFile(text, kFormat, kFile);
    if (!body)
        return body.error();
    Members members(*body);
    if (members.text("vault", 36) != vaultId)
        members.fail("vault");
    std::map<std::string, StoredKey> stored;
    for (const json &object : members.array("keys", kPurposes.size())) {
        StoredKey key = readStoredKey(object, members);
        stored.emplace(key.purpose, key);
    }
    if (const auto problem = members.finish())
        return damagedFile(kFile, *problem);
    DataKeys keys;
    for (const auto &[name, member, versionOf] : kPurposes) {
        const auto found = stored.find(name);
        if (found == stored.end())
            return damagedFile(kFile, std::string("no key for ") + name);
        const StoredKey &key = found->second;
        auto opened = unsealKey(key.sealed, master, associatedData(vaultId, key.purpose, key.version));
        if (!opened)
            return damagedFile(kFile, std::string("the key does not open: ") + name);
        keys.*member = std::move(*opened);
        keys.versions.*versionOf = static_cast<int>(key.version);
    }
    return keys;
}

} // namespace tramontane::vault
