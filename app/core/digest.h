// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// SHA-256 (FIPS 180-4) and hexadecimal text. Any thread; one Sha256 object belongs to one thread at a time.
namespace tramontane {

using Hash32 = std::array<std::uint8_t, 32>;

/// SHA-256 in pieces, for files and for prefixed hashes.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;

    void update(std::span<const std::uint8_t> bytes);
    void update(std::string_view bytes);
    /// The digest; the object must not be used afterwards.
    [[nodiscard]] Hash32 finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

[[nodiscard]] Hash32 sha256(std::string_view bytes);

/// Lower-case hexadecimal, two characters a byte.
[[nodiscard]] std::string toHex(std::span<const std::uint8_t> bytes);

/// Exactly 64 hexadecimal characters, either case; nothing for anything else.
[[nodiscard]] std::optional<Hash32> hash32FromHex(std::string_view hex);

/// The bytes of a text, without a copy: valid as long as the text.
[[nodiscard]] inline std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

/// Whether `stored` is exactly these 32 bytes. (Comparing chars with bytes directly would compare signed with unsigned.)
[[nodiscard]] inline bool sameBytes(std::string_view stored, const Hash32 &hash)
{
    return stored == std::string_view(reinterpret_cast<const char *>(hash.data()), hash.size());
}

} // namespace tramontane
