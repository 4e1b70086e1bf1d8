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
    std::optional<CborSurvey> run() noexcept;

private:
    std::optional<Head> head() noexcept;
    bool item() noexcept;
    bool open(const Head &head) noexcept;
    bool string(const Head &head, std::size_t headAt, bool key) noexcept;
    [[nodiscard]] std::size_t rest() const noexcept { return m_bytes.size() - m_at; }

    std::string_view m_bytes;
    std::size_t m_at = 0;
    std::size_t m_items = 0;
    CborSurvey m_found;
    std::string_view m_key; // the newest one of the outermost map
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
        m_found.pairs += static_cast<std::size_t>(head.argument);
    m_levels[static_cast<std::size_t>(m_depth++)] = {head.argument * (map ? 2 : 1), map};
    return true;
}

bool Walk::string(const Head &head, std::size_t headAt, bool key) noexcept
{
    if (head.argument > rest())
        return false;
    const std::string_view value = m_bytes.substr(m_at, static_cast<std::size_t>(head.argument));
    m_at += value.size();
    if (m_depth == 1 && key)
        m_key = value;
    else if (m_depth == 1 && head.major == kBytes && value.size() > m_found.longest.size())
        m_found = {m_found.pairs, m_key, headAt, value};
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
    const std::size_t headAt = m_at;
    const auto at = head();
    if (!at || ++m_items > kMaxCborItems || (key && at->major != kText))
        return false;
    switch (at->major) {
    case kUnsigned:
    case kNegative: return true;
    case kBytes:
    case kText: return string(*at, headAt, key);
    case kArray:
    case kMap: return open(*at);
    case kSimple: return at->info == 20 || at->info == 21 || at->info == 26 || at->info == 27;
    default: return false;
    }
}

std::optional<CborSurvey> Walk::run() noexcept
{
    if (rest() == 0 || static_cast<unsigned char>(m_bytes[0]) >> 5U != kMap)
        return std::nullopt;
    do {
        if (!item())
            return std::nullopt;
        while (m_depth > 0 && m_levels[static_cast<std::size_t>(m_depth - 1)].left == 0)
            --m_depth;
    } while (m_depth > 0);
    return rest() == 0 ? std::optional(m_found) : std::nullopt;
}

} // namespace

std::optional<CborSurvey> surveyCbor(std::string_view bytes) noexcept
{
    return Walk(bytes).run();
}

} // namespace tramontane::protocol
