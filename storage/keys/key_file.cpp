// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/key_file.h"

#include "app/core/digest.h"
#include "app/core/id.h"
#include "storage/keys/sealed_key.h"
#include "storage/keys/strict_json.h"

#include <sodium.h>

#include <algorithm>
#include <map>

namespace tramontane::vault {

using nlohmann::json;

namespace {

constexpr FormatName kFormat{"tramontane-keys", 2};
constexpr int kOneWrappingKey = 1; // the version in which the master key wraps everything
constexpr std::string_view kFile = "keys.json";
constexpr int kFirstVersion = 1;
constexpr int kMaxVersion = 1'000'000;
constexpr const char *kSigningSeed = "signing-seed";
constexpr const char *kSigningPublic = "signing-public";

struct Purpose {
    const char *name;
    Key32 DataKeys::*key;
    int DataKeys::Versions::*version;
};
/// What the reading key opens.
constexpr std::array<Purpose, 4> kReadingPurposes{
    {{"vault", &DataKeys::vault, &DataKeys::Versions::vault},
     {"audit", &DataKeys::audit, &DataKeys::Versions::audit},
     {"attachments", &DataKeys::attachments, &DataKeys::Versions::attachments},
     {"snapshots", &DataKeys::snapshots, &DataKeys::Versions::snapshots}}};
constexpr std::size_t kMostKeys = kReadingPurposes.size() + 2;

std::string associatedData(const std::string &vaultId, const std::string &purpose, std::int64_t version)
{
    return "tramontane key v1\n" + vaultId + "\n" + purpose + "\n" + std::to_string(version) + "\n";
}

struct StoredKey {
    std::string purpose;
    std::int64_t version = 0;
    SealedKey sealed;
};

/// A parsed file whose keys are still wrapped.
struct StoredKeys {
    std::string vaultId;
    int fileVersion = 0;
    std::map<std::string, StoredKey> byPurpose;
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

Result<StoredKeys> parse(std::string_view text, const std::string &vaultId)
{
    StoredKeys stored{vaultId, 0, {}};
    const auto body = parseVaultFile(text, kFormat, kFile, &stored.fileVersion);
    if (!body)
        return body.error();
    Members members(*body);
    if (members.text("vault", 36) != vaultId)
        members.fail("vault");
    for (const json &object : members.array("keys", kMostKeys)) {
        StoredKey key = readStoredKey(object, members);
        if (!stored.byPurpose.emplace(key.purpose, key).second)
            members.fail("purpose twice");
    }
    if (const auto problem = members.finish())
        return damagedFile(kFile, *problem);
    return stored;
}

Result<Key32> openStored(const StoredKeys &stored, const std::string &purpose, const Key32 *under)
{
    const auto found = stored.byPurpose.find(purpose);
    if (found == stored.byPurpose.end())
        return damagedFile(kFile, "no key for " + purpose);
    const StoredKey &key = found->second;
    auto opened = under ? unsealKey(key.sealed, *under, associatedData(stored.vaultId, purpose, key.version))
                        : std::optional<Key32>();
    if (!opened)
        return damagedFile(kFile, "the key does not open: " + purpose);
    return std::move(*opened);
}

std::array<std::uint8_t, 32> publicKeyOf(const Key32 &seed)
{
    std::array<std::uint8_t, 32> publicKey{};
    static_assert(crypto_sign_PUBLICKEYBYTES == sizeof(publicKey) && crypto_sign_SEEDBYTES == Key32::kSize);
    SecretBytes secret(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(publicKey.data(), secret.data(), seed.bytes().data());
    return publicKey;
}

/// The signing part: both halves where the master key is there, else the public one alone.
Status openSigning(const StoredKeys &stored, const MasterKey &master, DataKeys &keys)
{
    keys.signingSeed.reset();
    if (const Key32 *whole = master.whole()) {
        auto seed = openStored(stored, kSigningSeed, whole);
        if (!seed)
            return seed.error();
        keys.signingPublic = publicKeyOf(*seed);
        keys.signingSeed = std::move(*seed);
        keys.versions.signingSeed = static_cast<int>(stored.byPurpose.at(kSigningSeed).version);
    }
    if (stored.fileVersion == kOneWrappingKey)
        return {};
    const auto named = openStored(stored, kSigningPublic, &master.reading());
    if (!named)
        return named.error();
    // Whoever holds the reading key only could have put another one here.
    if (keys.signingSeed && !std::equal(keys.signingPublic.begin(), keys.signingPublic.end(), named->bytes().begin()))
        return damagedFile(kFile, "the public key is not that of the seed");
    std::copy(named->bytes().begin(), named->bytes().end(), keys.signingPublic.begin());
    return {};
}

Result<DataKeys> openAll(const StoredKeys &stored, const MasterKey &master)
{
    const Key32 *under = stored.fileVersion == kOneWrappingKey ? master.whole() : &master.reading();
    DataKeys keys;
    for (const auto &[name, member, versionOf] : kReadingPurposes) {
        auto opened = openStored(stored, name, under);
        if (!opened)
            return opened.error();
        keys.*member = std::move(*opened);
        keys.versions.*versionOf = static_cast<int>(stored.byPurpose.at(name).version);
    }
    if (const Status signing = openSigning(stored, master, keys); !signing)
        return signing.error();
    return keys;
}

} // namespace

std::string keyFileText(const std::string &vaultId, const DataKeys &keys, const MasterKey &master)
{
    json list = json::array();
    const auto add = [&](const std::string &name, int version, const Key32 &key, const Key32 &under) {
        const SealedKey sealed = sealKey(key, under, associatedData(vaultId, name, version));
        list.push_back({{"purpose", name},
                        {"version", version},
                        {"nonce", toHex(sealed.nonce)},
                        {"wrapped", toHex(sealed.wrapped)}});
    };
    for (const auto &[name, member, versionOf] : kReadingPurposes)
        add(name, keys.versions.*versionOf, keys.*member, master.reading());
    add(kSigningSeed, keys.versions.signingSeed, *keys.signingSeed, *master.whole());
    add(kSigningPublic, keys.versions.signingSeed, *Key32::fromBytes(publicKeyOf(*keys.signingSeed)), master.reading());
    return vaultFileText({{"vault", vaultId}, {"keys", std::move(list)}}, kFormat);
}

Result<DataKeys> readKeyFile(std::string_view text, const std::string &vaultId, const MasterKey &master)
{
    const auto stored = parse(text, vaultId);
    if (!stored)
        return stored.error();
    return openAll(*stored, master);
}

Result<std::optional<std::string>> upgradedKeyFile(std::string_view text, const std::string &vaultId,
                                                   const MasterKey &master)
{
    const auto stored = parse(text, vaultId);
    if (!stored)
        return stored.error();
    if (stored->fileVersion != kOneWrappingKey)
        return std::optional<std::string>();
    if (!master.whole())
        return Error{ErrorCode::VaultReadOnly, "The keys of this vault cannot be written with the organisation's key.",
                     ""};
    const auto keys = openAll(*stored, master);
    if (!keys)
        return keys.error();
    return std::optional<std::string>(keyFileText(vaultId, *keys, master));
}

} // namespace tramontane::vault
