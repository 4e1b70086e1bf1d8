// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

// The small JSON files of a vault: bounded, without duplicate or unknown members, with a checksum against damage (not
// against people: the keys inside are authenticated by their AEAD). Any thread.
namespace tramontane::vault {

inline constexpr std::size_t kMaxFileBytes = 64 * 1024;

/// What a file says that it is.
struct FormatName {
    std::string_view name; // "tramontane-slots"
    int version;           // the newest that this program knows
};

/// Parses and checks size, nesting (8), duplicates, `format`, `version` and `checksum`. Errors: VaultForeign (not JSON,
/// or another format), VaultNewerSchema (newer version), VaultDamaged (ours, but the checksum does not hold).
/// `file` is the name for messages; `version` gets the version that the file has.
[[nodiscard]] Result<nlohmann::json> parseVaultFile(std::string_view text, const FormatName &format,
                                                    std::string_view file, int *version = nullptr);

/// The text of a file: `object` with format, version and checksum added. The checksum is the SHA-256, as lower-case hex,
/// of the object without it, written compactly with its members in the order of their names.
[[nodiscard]] std::string vaultFileText(nlohmann::json object, const FormatName &format);

[[nodiscard]] Error damagedFile(std::string_view file, std::string_view what);

/// Takes the members of one object. The first thing that does not fit is kept and given by finish(); after it every
/// accessor answers with an empty value.
class Members {
public:
    explicit Members(const nlohmann::json &object) : m_object(object) {}

    [[nodiscard]] std::string text(const char *name, std::size_t maxLength);
    [[nodiscard]] std::int64_t integer(const char *name, std::int64_t min, std::int64_t max);
    /// Exactly out.size() bytes as lower-case hex.
    void hex(const char *name, std::span<std::uint8_t> out);
    [[nodiscard]] const nlohmann::json &array(const char *name, std::size_t maxLength);
    [[nodiscard]] const nlohmann::json &object(const char *name);
    void fail(const std::string &what);
    /// What was wrong, e.g. "slots[1].kdf"; nothing when all fitted and no member is left.
    [[nodiscard]] std::optional<std::string> finish();

private:
    [[nodiscard]] const nlohmann::json *member(const char *name);

    const nlohmann::json &m_object;
    std::set<std::string> m_seen;
    std::optional<std::string> m_problem;
};

} // namespace tramontane::vault
