// SPDX-License-Identifier: Apache-2.0
#include "app/core/utf8.h"

#include <cstddef>
#include <cstdint>

namespace tramontane {
namespace {

struct Lead {
    std::size_t following = 0;  // continuation bytes; 0 with `valid` false for a byte that cannot lead
    std::uint8_t lowest = 0x80; // bounds of the first continuation byte
    std::uint8_t highest = 0xBF;
    bool valid = true;
};

Lead leadOf(std::uint8_t byte) noexcept
{
    if (byte < 0x80)
        return {};
    if (byte >= 0xC2 && byte <= 0xDF)
        return {1};
    if (byte >= 0xE0 && byte <= 0xEF)
        return {2, std::uint8_t(byte == 0xE0 ? 0xA0 : 0x80), std::uint8_t(byte == 0xED ? 0x9F : 0xBF)};
    if (byte >= 0xF0 && byte <= 0xF4)
        return {3, std::uint8_t(byte == 0xF0 ? 0x90 : 0x80), std::uint8_t(byte == 0xF4 ? 0x8F : 0xBF)};
    return {0, 0, 0, false};
}

} // namespace

bool isUtf8(std::string_view text) noexcept
{
    std::size_t at = 0;
    while (at < text.size()) {
        const Lead lead = leadOf(std::uint8_t(text[at]));
        if (!lead.valid || text.size() - at <= lead.following)
            return false;
        for (std::size_t i = 1; i <= lead.following; ++i) {
            const auto byte = std::uint8_t(text[at + i]);
            const bool inRange = i == 1 ? byte >= lead.lowest && byte <= lead.highest : byte >= 0x80 && byte <= 0xBF;
            if (!inRange)
                return false;
        }
        at += lead.following + 1;
    }
    return true;
}

} // namespace tramontane
