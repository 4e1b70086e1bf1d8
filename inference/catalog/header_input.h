// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/byte_source.h"

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace tramontane::catalog {

/// Takes little-endian values out of a header that may lie. The first thing that is wrong stays as the error; from then
/// on every value is zero or empty. One thread at a time.
class HeaderInput {
public:
    /// No more than `mostBytes` are read, however large the file is.
    HeaderInput(ByteSource &source, std::uint64_t mostBytes) : m_source(source), m_mostBytes(mostBytes) {}

    /// A whole number, a float, or a byte.
    template <class T>
    [[nodiscard]] T number()
    {
        static_assert(std::is_arithmetic_v<T>);
        using Bits =
            std::conditional_t<sizeof(T) == 8, std::uint64_t,
                               std::conditional_t<sizeof(T) == 4, std::uint32_t,
                                                  std::conditional_t<sizeof(T) == 2, std::uint16_t, std::uint8_t>>>;
        std::array<std::uint8_t, sizeof(T)> bytes{};
        take(bytes.data(), bytes.size());
        Bits bits = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            bits = static_cast<Bits>(bits | static_cast<Bits>(Bits{bytes[i]} << (8 * i)));
        return std::bit_cast<T>(bits);
    }
    /// A length and as many bytes. `what` names it in the error: "a key".
    [[nodiscard]] std::string text(std::uint64_t longest, const char *what);
    /// The same without keeping it.
    void skipText(std::uint64_t longest, const char *what);
    void skip(std::uint64_t bytes);

    [[nodiscard]] std::uint64_t position() const { return m_position; }
    [[nodiscard]] std::uint64_t left() const { return m_source.bytes() - m_position; }
    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    void fail(Error error);
    /// The same, and the detail also says what was being read.
    void failHere(Error error);
    /// What is read from now on, as the detail of an error names it: "key 3". Plain text; empty: nothing is added.
    void nowReading(std::string what) { m_reading = std::move(what); }

private:
    void take(std::uint8_t *into, std::uint64_t bytes);
    bool fill();

    ByteSource &m_source;
    std::uint64_t m_mostBytes;
    std::uint64_t m_position = 0;
    std::array<std::uint8_t, 1 << 16> m_buffer{};
    std::size_t m_filled = 0;
    std::size_t m_at = 0;
    std::optional<Error> m_error;
    std::string m_reading;
};

} // namespace tramontane::catalog
