// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <cstdint>
#include <span>

namespace tramontane::sqlite {

/// SQLCipher's raw-key form `x'<64 hex digits>'` in locked memory. Anything shorter would be taken as a passphrase and
/// an empty key would give a plain database, therefore: exactly 32 bytes, else InvalidArgument. Any thread.
/// Source: https://www.zetetic.net/sqlcipher/sqlcipher-api/#key, "Raw Key Data".
[[nodiscard]] Result<SecretBytes> rawKeyText(std::span<const std::uint8_t> key);

} // namespace tramontane::sqlite
