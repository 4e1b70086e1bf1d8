// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/utf8.h"

#include <algorithm>

namespace tramontane::protocol {

namespace {

enum class Unit { Whole, Invalid, Unfinished };

struct Character {
    Unit unit = Unit::Invalid;
    std::size_t bytes = 1;
};

struct Lead {
    std::size_t bytes = 0; // 0: cannot begin a character
    unsigned char low = 0x80;  // bounds of the second byte
    unsigned char high = 0xBF;
};

Lead leadOf(unsigned char first) noexcept
{
    if (first < 0x80)
        return {1};
    if (first < 0xC2 || first > 0xF4)
        return {0};
    if (first < 0xE0)
        return {2};
    if (first < 0xF0) {
        return {3, static_cast<unsigned char>(first == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(first == 0xED ? 0x9F : 0xBF)};
    }
    return {4, static_cast<unsigned char>(first == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(first == 0xF4 ? 0x8F : 0xBF)};
}

Character characterAt(std::string_view text) noexcept
{
    const Lead lead = leadOf(static_cast<unsigned char>(text[0]));
    if (lead.bytes == 0)
        return {Unit::Invalid, 1};
    for (std::size_t i = 1; i < lead.bytes; ++i) {
        if (i == text.size())
            return {Unit::Unfinished, i};
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < (i == 1 ? lead.low : 0x80) || byte > (i == 1 ? lead.high : 0xBF))
            return {Unit::Invalid, i};
    }
    return {Unit::Whole, lead.bytes};
}

} // namespace

bool isUtf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const Character character = characterAt(text);
        if (character.unit != Unit::Whole)
            return false;
        text.remove_prefix(character.bytes);
    }
    return true;
}

std::size_t completeUtf8(std::string_view text) noexcept
{
    const std::size_t from = text.size() - std::min<std::size_t>(text.size(), 3);
    for (std::size_t at = from; at < text.size(); ++at) {
        if (characterAt(text.substr(at)).unit == Unit::Unfinished)
            return at;
    }
    return text.size();
}

} // namespace tramontane::protocol
