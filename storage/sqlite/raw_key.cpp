// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/raw_key.h"

namespace tramontane::sqlite {

Result<SecretBytes> rawKeyText(std::span<const std::uint8_t> key)
{
    if (key.size() != Key32::kSize)
        return Error{ErrorCode::InvalidArgument, "A database key has the wrong length.", "expected 32 bytes"};
    constexpr char kDigits[] = "0123456789abcdef";
    SecretBytes text(2 * Key32::kSize + 3);
    std::uint8_t *out = text.data();
    *out++ = 'x';
    *out++ = '\'';
    for (const std::uint8_t byte : key) {
        *out++ = static_cast<std::uint8_t>(kDigits[byte >> 4]);
        *out++ = static_cast<std::uint8_t>(kDigits[byte & 15]);
    }
    *out = '\'';
    return text;
}

} // namespace tramontane::sqlite
