// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/storable_text.h"

#include <algorithm>
#include <cstdint>

namespace tramontane {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Sequence {
    std::size_t length; // bytes that belong together
    bool wellFormed;
};

bool inRange(std::string_view text, std::size_t at, unsigned low, unsigned high)
{
    return at < text.size() && static_cast<unsigned char>(text[at]) >= low
           && static_cast<unsigned char>(text[at]) <= high;
}

/// The Unicode Standard, table 3-7: which second byte may follow which first one; all later ones are 80 to BF.
Sequence sequenceAt(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80)
        return {1, first != 0};
    const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4)
        return {1, false};
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (!inRange(text, 1, low, high))
        return {1, false};
    std::size_t length = 2;
    while (length < wanted && inRange(text, length, 0x80, 0xBF))
        ++length;
    return {length, length == wanted};
}

} // namespace

std::string storableText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Sequence sequence = sequenceAt(text);
        out += sequence.wellFormed ? text.substr(0, sequence.length) : kReplacement;
        text.remove_prefix(sequence.length);
    }
    return out;
}

std::string indexableText(std::string_view text)
{
    std::string out = storableText(text);
    std::ranges::replace_if(
        out, [](char c) { return c == '\x02' || c == '\x03'; }, ' ');
    return out;
}

} // namespace tramontane
