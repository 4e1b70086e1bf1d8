// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/utf8_stream.h"

#include <utility>

namespace tramontane::engine {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

enum class Kind { Whole, Invalid, Unfinished };

struct Character {
    Kind kind = Kind::Invalid;
    std::size_t bytes = 1;
};

struct Lead {
    std::size_t bytes = 0;    // 0: cannot begin a character
    unsigned char low = 0x80; // bounds of the second byte: no overlong forms, no surrogates, at most U+10FFFF
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

Character firstCharacter(std::string_view text) noexcept
{
    const Lead lead = leadOf(static_cast<unsigned char>(text[0]));
    if (lead.bytes == 0)
        return {Kind::Invalid, 1};
    for (std::size_t i = 1; i < lead.bytes; ++i) {
        if (i == text.size())
            return {Kind::Unfinished, i};
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < (i == 1 ? lead.low : 0x80) || byte > (i == 1 ? lead.high : 0xBF))
            return {Kind::Invalid, i};
    }
    return {Kind::Whole, lead.bytes};
}

} // namespace

std::string Utf8Stream::push(std::string_view bytes)
{
    m_rest.append(bytes);
    std::string text;
    text.reserve(m_rest.size());
    std::string_view rest = m_rest;
    while (!rest.empty()) {
        const Character character = firstCharacter(rest);
        if (character.kind == Kind::Unfinished)
            break;
        text.append(character.kind == Kind::Whole ? rest.substr(0, character.bytes) : kReplacement);
        rest.remove_prefix(character.bytes);
    }
    m_rest.erase(0, m_rest.size() - rest.size());
    return text;
}

std::string Utf8Stream::finish()
{
    return std::exchange(m_rest, {}).empty() ? std::string() : std::string(kReplacement);
}

} // namespace tramontane::engine
