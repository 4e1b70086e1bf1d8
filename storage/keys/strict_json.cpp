// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/strict_json.h"

#include "app/core/digest.h"

#include <sodium.h>

#include <vector>

namespace tramontane::vault {

using nlohmann::json;

namespace {

constexpr int kMaxDepth = 8;
constexpr const char *kFormat = "format";
constexpr const char *kVersion = "version";
constexpr const char *kChecksum = "checksum";

Error foreignFile(std::string_view file, std::string_view why)
{
    return Error{ErrorCode::VaultForeign,
                 "The file " + std::string(file)
                     + " was not written by Tramontane. Nothing was changed; choose another "
                       "folder, or restore the vault from a backup.",
                 std::string(why)};
}

/// Nothing when the text is not JSON, nests too deep or names a member twice.
std::optional<json> parseStrictly(std::string_view text)
{
    std::vector<std::set<std::string>> names;
    bool twice = false;
    const json::parser_callback_t watch = [&](int depth, json::parse_event_t event, json &value) {
        if (depth > kMaxDepth)
            twice = true;
        if (event == json::parse_event_t::object_start)
            names.emplace_back();
        else if (event == json::parse_event_t::object_end)
            names.pop_back();
        else if (event == json::parse_event_t::key)
            twice = !names.back().insert(value.get<std::string>()).second || twice;
        return !twice;
    };
    json parsed = json::parse(text, watch, false);
    if (parsed.is_discarded() || twice || !parsed.is_object())
        return std::nullopt;
    return parsed;
}

std::string checksumOf(json object)
{
    object.erase(kChecksum);
    return toHex(sha256(object.dump()));
}

} // namespace

Result<json> parseVaultFile(std::string_view text, const FormatName &format, std::string_view file, int *found)
{
    if (text.size() > kMaxFileBytes)
        return foreignFile(file, "too large");
    const auto parsed = parseStrictly(text);
    if (!parsed)
        return foreignFile(file, "not a JSON object of ours");
    const auto name = parsed->find(kFormat);
    const auto version = parsed->find(kVersion);
    if (name == parsed->end() || *name != std::string(format.name) || version == parsed->end()
        || !version->is_number_unsigned() || *version == 0)
        return foreignFile(file, "no format name of ours");
    if (version->get<std::uint64_t>() > static_cast<std::uint64_t>(format.version))
        return Error{
            ErrorCode::VaultNewerSchema,
            "This vault was written by a newer version of Tramontane. Open it with that version, or update this "
            "one.",
            std::string(file) + ", version " + version->dump()};
    const auto checksum = parsed->find(kChecksum);
    if (checksum == parsed->end() || *checksum != checksumOf(*parsed))
        return damagedFile(file, "checksum");
    if (found)
        *found = version->get<int>();
    json body = *parsed;
    for (const char *known : {kFormat, kVersion, kChecksum})
        body.erase(known);
    return body;
}

std::string vaultFileText(json object, const FormatName &format)
{
    object[kFormat] = std::string(format.name);
    object[kVersion] = format.version;
    object[kChecksum] = checksumOf(object);
    return object.dump(2) + "\n";
}

Error damagedFile(std::string_view file, std::string_view what)
{
    return Error{ErrorCode::VaultDamaged,
                 "The file " + std::string(file)
                     + " of the vault is damaged. Nothing was changed; restore it from a backup.",
                 std::string(what)};
}

const json *Members::member(const char *name)
{
    m_seen.insert(name);
    if (m_problem || !m_object.is_object())
        return nullptr;
    const auto found = m_object.find(name);
    return found == m_object.end() ? nullptr : &*found;
}

std::string Members::text(const char *name, std::size_t maxLength)
{
    const json *value = member(name);
    if (value && value->is_string() && value->get_ref<const std::string &>().size() <= maxLength)
        return value->get<std::string>();
    fail(name);
    return {};
}

std::int64_t Members::integer(const char *name, std::int64_t min, std::int64_t max)
{
    const json *value = member(name);
    if (value && value->is_number_integer() && *value >= min && *value <= max)
        return value->get<std::int64_t>();
    fail(name);
    return min;
}

void Members::hex(const char *name, std::span<std::uint8_t> out)
{
    const json *value = member(name);
    std::size_t length = 0;
    if (value && value->is_string()) {
        const auto &digits = value->get_ref<const std::string &>();
        const bool lower = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (lower && digits.size() == 2 * out.size()
            && sodium_hex2bin(out.data(), out.size(), digits.data(), digits.size(), nullptr, &length, nullptr) == 0)
            return;
    }
    fail(name);
}

const json &Members::array(const char *name, std::size_t maxLength)
{
    static const json kEmpty = json::array();
    const json *value = member(name);
    if (value && value->is_array() && value->size() <= maxLength)
        return *value;
    fail(name);
    return kEmpty;
}

const json &Members::object(const char *name)
{
    static const json kEmpty = json::object();
    const json *value = member(name);
    if (value && value->is_object())
        return *value;
    fail(name);
    return kEmpty;
}

void Members::fail(const std::string &what)
{
    if (!m_problem)
        m_problem = what;
}

std::optional<std::string> Members::finish()
{
    if (!m_problem && !m_object.is_object())
        fail("not an object");
    if (!m_problem) {
        for (const auto &[name, value] : m_object.items()) {
            if (!m_seen.contains(name))
                fail("unknown member");
        }
    }
    return m_problem;
}

} // namespace tramontane::vault
