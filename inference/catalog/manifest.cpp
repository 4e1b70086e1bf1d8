// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/manifest.h"

#include "app/core/digest.h"
#include "app/core/utf8.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <algorithm>
#include <optional>
#include <set>

namespace tramontane::catalog {

namespace {

constexpr std::string_view kType = "application/vnd.tramontane.models.v1+json";
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostModels = 10'000;
constexpr std::size_t kMostSignatures = 16;
constexpr std::size_t kLongestText = 400;
constexpr std::size_t kKeyIdDigits = 16;

Error invalid(std::string detail)
{
    return {ErrorCode::ManifestInvalid, "The list of models is damaged or was changed. Get it again from who made it.",
            std::move(detail)};
}

/// The standard alphabet with padding (RFC 4648, section 4); nothing for anything else.
std::optional<std::string> decoded(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3, '\0');
    std::size_t length = 0;
    const char *end = nullptr;
    const int result = sodium_base642bin(reinterpret_cast<unsigned char *>(bytes.data()), bytes.size(), text.data(),
                                         text.size(), nullptr, &length, &end, sodium_base64_VARIANT_ORIGINAL);
    if (result != 0 || end != text.data() + text.size())
        return std::nullopt;
    bytes.resize(length);
    return bytes;
}

/// Only these fields, so that nobody signs what nobody reads.
bool hasOnly(const nlohmann::json &object, const std::set<std::string> &names)
{
    return object.is_object() && object.size() == names.size()
           && std::all_of(names.begin(), names.end(), [&](const std::string &name) { return object.contains(name); });
}

std::optional<std::string> shortText(const nlohmann::json &value)
{
    if (!value.is_string())
        return std::nullopt;
    const auto &text = value.get_ref<const std::string &>();
    const bool plain = std::all_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
    return plain && isUtf8(text) && text.size() <= kLongestText ? std::optional(text) : std::nullopt;
}

bool isHash(const std::string &text)
{
    return hash32FromHex(text).has_value()
           && std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
}

Result<ManifestEntry> entryOf(const nlohmann::json &json, std::size_t index)
{
    const std::string which = "model " + std::to_string(index);
    if (!hasOnly(json, {"sha256", "bytes", "name", "licence", "note"}))
        return invalid(which + ": fields");
    const auto sha256 = shortText(json["sha256"]);
    const auto name = shortText(json["name"]);
    const auto licence = shortText(json["licence"]);
    const auto note = shortText(json["note"]);
    if (!sha256 || !name || !licence || !note || !isHash(*sha256))
        return invalid(which + ": a text");
    if (!json["bytes"].is_number_unsigned() || json["bytes"].get<std::uint64_t>() > INT64_MAX)
        return invalid(which + ": bytes");
    return ManifestEntry{*sha256, json["bytes"].get<std::int64_t>(), *name, *licence, *note};
}

Result<Manifest> manifestOf(const std::string &payload)
{
    const auto json = nlohmann::json::parse(payload, nullptr, false);
    if (!hasOnly(json, {"version", "publisher", "issued", "models"}))
        return invalid("payload: fields");
    if (json["version"] != 1)
        return invalid("payload: another version");
    const auto publisher = shortText(json["publisher"]);
    const auto issued = shortText(json["issued"]);
    if (!publisher || !issued || !json["models"].is_array() || json["models"].size() > kMostModels)
        return invalid("payload: a value");
    Manifest manifest;
    manifest.publisher = *publisher;
    manifest.issued = *issued;
    for (std::size_t i = 0; i < json["models"].size(); ++i) {
        auto entry = entryOf(json["models"][i], i);
        if (!entry)
            return entry.error();
        if (manifest.find(entry->sha256) != nullptr)
            return invalid("model " + std::to_string(i) + ": there twice");
        manifest.models.push_back(std::move(*entry));
    }
    return manifest;
}

Result<std::vector<std::string>> keysOf(const std::vector<std::string> &trusted)
{
    std::vector<std::string> keys;
    for (const std::string &text : trusted) {
        auto key = decoded(text);
        if (!key || key->size() != crypto_sign_PUBLICKEYBYTES)
            return Error{ErrorCode::InvalidArgument, "A key for lists of models is not an Ed25519 key in base64.",
                         "key"};
        keys.push_back(std::move(*key));
    }
    return keys;
}

bool isGood(const std::string &signature, const std::string &message, const std::string &key)
{
    return signature.size() == crypto_sign_BYTES
           && crypto_sign_verify_detached(reinterpret_cast<const unsigned char *>(signature.data()),
                                          reinterpret_cast<const unsigned char *>(message.data()), message.size(),
                                          reinterpret_cast<const unsigned char *>(key.data()))
                  == 0;
}

/// The key id of the first good signature. Errors: UnknownSigner; ManifestInvalid for one that names a trusted key.
Result<std::string> findSigner(const nlohmann::json &signatures, const std::string &message,
                               const std::vector<std::string> &keys)
{
    for (const auto &signature : signatures) {
        if (!hasOnly(signature, {"keyid", "sig"}) || !signature["keyid"].is_string() || !signature["sig"].is_string())
            return invalid("a signature");
        const auto bytes = decoded(signature["sig"].get<std::string>());
        for (const std::string &key : keys) {
            if (bytes && isGood(*bytes, message, key))
                return manifestKeyId(key);
            if (signature["keyid"] == manifestKeyId(key))
                return invalid("the signature of " + manifestKeyId(key) + " does not fit");
        }
    }
    return Error{ErrorCode::UnknownSigner,
                 "The list of models is not signed by a key that your administrator has named.", "no known key"};
}

} // namespace

const ManifestEntry *Manifest::find(std::string_view sha256) const
{
    const auto found =
        std::find_if(models.begin(), models.end(), [&](const ManifestEntry &entry) { return entry.sha256 == sha256; });
    return found == models.end() ? nullptr : &*found;
}

std::string manifestSigningInput(std::string_view payload)
{
    std::string input = "DSSEv1 ";
    input += std::to_string(kType.size()) + " " + std::string(kType) + " ";
    input += std::to_string(payload.size()) + " " + std::string(payload);
    return input;
}

std::string manifestKeyId(std::string_view publicKey)
{
    return toHex(sha256(publicKey)).substr(0, kKeyIdDigits);
}

Result<Manifest> verifyManifest(std::string_view envelope, const std::vector<std::string> &trustedKeys)
{
    const auto keys = keysOf(trustedKeys);
    if (!keys)
        return keys.error();
    if (envelope.size() > kMostBytes)
        return invalid("more than 4 MiB");
    const auto json = nlohmann::json::parse(envelope, nullptr, false);
    if (!hasOnly(json, {"payloadType", "payload", "signatures"}) || !json["payload"].is_string())
        return invalid("no envelope");
    if (json["payloadType"] != kType)
        return invalid("a payload of another type");
    if (!json["signatures"].is_array() || json["signatures"].empty() || json["signatures"].size() > kMostSignatures)
        return invalid("signatures");
    const auto payload = decoded(json["payload"].get<std::string>());
    if (!payload)
        return invalid("payload: no base64");
    auto signer = findSigner(json["signatures"], manifestSigningInput(*payload), *keys);
    if (!signer)
        return signer.error();
    auto manifest = manifestOf(*payload);
    if (manifest)
        manifest->keyId = std::move(*signer);
    return manifest;
}

} // namespace tramontane::catalog
