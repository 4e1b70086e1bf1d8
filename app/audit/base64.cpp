// SPDX-License-Identifier: Apache-2.0
#include "app/audit/base64.h"

#include <sodium.h>

namespace tramontane::audit {

std::string encodeBase64(std::span<const std::uint8_t> bytes)
{
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // the terminating NUL
    return text;
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3, '\0');
    std::size_t length = 0;
    const char *end = nullptr;
    if (text.empty() || text.size() % 4 != 0
        || sodium_base642bin(reinterpret_cast<unsigned char *>(bytes.data()), bytes.size(), text.data(), text.size(),
                             nullptr, &length, &end, sodium_base64_VARIANT_ORIGINAL)
               != 0
        || end != text.data() + text.size()) {
        return std::nullopt;
    }
    bytes.resize(length);
    return bytes;
}

} // namespace tramontane::audit
