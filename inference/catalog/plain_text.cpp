// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/plain_text.h"

#include "app/core/utf8.h"

#include <algorithm>

namespace tramontane::catalog {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestCharacter = 4;

/// The character at the beginning; empty if there is none.
std::string_view firstCharacter(std::string_view bytes)
{
    for (std::size_t length = 1; length <= std::min(kLongestCharacter, bytes.size()); ++length) {
        if (isUtf8(bytes.substr(0, length)))
            return bytes.substr(0, length);
    }
    return {};
}

} // namespace

std::string plainText(std::string_view bytes, std::size_t mostBytes)
{
    std::string text;
    while (!bytes.empty()) {
        const std::string_view character = firstCharacter(bytes);
        const std::string_view shown = character.empty() ? kReplacement : character;
        if (text.size() + shown.size() > mostBytes)
            break;
        const auto byte = static_cast<unsigned char>(shown.front());
        if (shown.size() > 1 || (byte >= 0x20 && byte != 0x7F))
            text += shown;
        bytes.remove_prefix(std::max<std::size_t>(1, character.size()));
    }
    return text;
}

} // namespace tramontane::catalog
