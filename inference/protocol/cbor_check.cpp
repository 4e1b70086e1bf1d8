// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/cbor_check.h"

#include <array>
#include <cstdint>

namespace tramontane::protocol {

namespace {

enum Major : unsigned { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };

struct Head {
    unsigned major = 0;
    unsigned info = 0;
    std::uint64_t argument = 0;
};

struct Level {
    std::uint64_t left = 0; // values still to come, keys included
    bool map = false;
};

class Walk {
public:
    explicit Walk(std::string_view bytes) : m_bytes(bytes) {}
    std::optional<std::size_t> run() noexcept;

private:
    std::optional<Head> head() noexcept;
    bool item() noexcept;
    bool open(const Head &head) noexcept;
    [[nodiscard]] std::size_t rest() const noexcept { return m_bytes.size() - m_at; }

    std::string_view m_bytes;
    std::size_t m_at = 0;
    std::size_t m_items = 0;
    std::size_t m_pairs = 0;
    std::array<Level, kMaxCborDepth> m_levels{};
    int m_depth = 0;
};

std::optional<Head> Walk::head() noexcept
{
    if (rest() == 0)
        return std::nullopt;
    const auto first = static_cast<unsigned char>(m_bytes[m_at++]);
    Head head{static_cast<unsigned>(first) >> 5U, first & 0x1FU, first & 0x1FU};
    if (head.info < 24)
        return head;
    if (head.info > 27)
        return std::nullopt;
    const std::size_t width = std::size_t{1} << (head.info - 24);
    if (rest() < width)
        return std::nullopt;
    head.argument = 0;
    for (std::size_t i = 0; i < width; ++i)
        head.argument = (head.argument << 8) | static_cast<unsigned char>(m_bytes[m_at++]);
    return head;
}

bool Walk::open(const Head &head) noexcept
{
    const bool map = head.major == kMap;
    // Each value has at least one byte: a count beyond the rest is a lie.
    if (m_depth == kMaxCborDepth || head.argument > rest() / (map ? 2 : 1))
        return false;
    if (map)
        m_pairs += static_cast<std::size_t>(head.argument);
    m_levels[static_cast<std::size_t>(m_depth++)] = {head.argument * (map ? 2 : 1), map};
    return true;
}

bool Walk::item() noexcept
{
    bool key = false;
    if (m_depth > 0) {
        Level &level = m_levels[static_cast<std::size_t>(m_depth - 1)];
        key = level.map && level.left % 2 == 0;
        --level.left;
    }
    const auto at = head();
    if (!at || ++m_items > kMaxCborItems || (key && at->major != kText))
        return false;
    switch (at->major) {
    case kUnsigned:
    case kNegative: return true;
    case kBytes:
    case kText:
        if (at->argument > rest())
            return false;
        m_at += static_cast<std::size_t>(at->argument);
        return true;
    case kArray:
    case kMap: return open(*at);
    case kSimple: return at->info == 20 || at->info == 21 || at->info == 26 || at->info == 27;
    default: return false;
    }
}

std::optional<std::size_t> Walk::run() noexcept
{
    if (rest() == 0 || static_cast<unsigned char>(m_bytes[0]) >> 5U != kMap)
        return std::nullopt;
    do {
        if (!item())
            return std::nullopt;
        while (m_depth > 0 && m_levels[static_cast<std::size_t>(m_depth - 1)].left == 0)
            --m_depth;
    } while (m_depth > 0);
    return rest() == 0 ? std::optional(m_pairs) : std::nullopt;
}

} // namespace

std::optional<std::size_t> countCborPairs(std::string_view bytes) noexcept
{
    return Walk(bytes).run();
}

} // namespace tramontane::protocol
