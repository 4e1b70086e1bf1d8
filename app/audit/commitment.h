// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What a record may say about content and people: keyed hashes that nobody can test guesses against without the salt or
// the key. HMAC-SHA-256, RFC 2104 and FIPS 198-1. Any thread; nothing fails.
namespace tramontane::audit {

/// "hmac-sha256:<64 hex>" of `content` under `salt` (at least 16 random bytes, one salt for each text). Erasing the
/// salt makes the commitment say nothing.
[[nodiscard]] std::string contentCommit(std::span<const std::uint8_t> salt, std::string_view content);

/// A key for one purpose: HMAC(key, purpose). `purpose` is a fixed text such as "tramontane/audit/person/v1".
[[nodiscard]] Key32 subkey(const Key32 &key, std::string_view purpose);

/// HMAC-SHA-256 under a key, as 64 hexadecimal characters.
[[nodiscard]] std::string keyedHash(const Key32 &key, std::string_view text);

/// "p_<32 hex>": the person behind an account of the operating system, the same in every record of one log.
[[nodiscard]] std::string pseudonym(const Key32 &personKey, std::string_view osUser);

} // namespace tramontane::audit
