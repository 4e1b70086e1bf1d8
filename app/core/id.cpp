// SPDX-License-Identifier: Apache-2.0
#include "app/core/id.h"

#include <sodium.h>

#include <algorithm>

namespace tramontane {
namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isDashPosition(std::size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

} // namespace

Uuid Uuid::make(std::int64_t utcMs)
{
    Uuid id;
    randombytes_buf(id.m_bytes.data(), id.m_bytes.size());
    for (int i = 0; i < 6; ++i)
        id.m_bytes[std::size_t(i)] = std::uint8_t(std::uint64_t(utcMs) >> (40 - 8 * i));
    id.m_bytes[6] = std::uint8_t((id.m_bytes[6] & 0x0f) | 0x70);
    id.m_bytes[8] = std::uint8_t((id.m_bytes[8] & 0x3f) | 0x80);
    return id;
}

std::optional<Uuid> Uuid::fromText(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    Uuid id;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isDashPosition(i)) {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const int value = hexDigit(text[i]);
        if (value < 0)
            return std::nullopt;
        id.m_bytes[nibble / 2] = std::uint8_t(id.m_bytes[nibble / 2] << 4 | value);
        ++nibble;
    }
    return id;
}

std::optional<Uuid> Uuid::fromBytes(std::string_view bytes)
{
    if (bytes.size() != kSize)
        return std::nullopt;
    Uuid id;
    std::copy(bytes.begin(), bytes.end(), id.m_bytes.begin());
    return id;
}

std::string Uuid::text() const
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < kSize; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out.push_back('-');
        out.push_back(kHex[m_bytes[i] >> 4]);
        out.push_back(kHex[m_bytes[i] & 0x0f]);
    }
    return out;
}

} // namespace tramontane
