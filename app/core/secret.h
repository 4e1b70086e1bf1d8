// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tramontane {

/// Makes libsodium ready. Call once at the start of each program, before anything else of this folder.
/// Errors: Internal when the library cannot be initialised (then the program must end).
[[nodiscard]] Status initCrypto();

/// Bytes in `sodium_malloc` memory: locked where the system allows it, guarded, left out of core dumps, wiped when
/// freed. Move-only; it has no stream operator and no implicit conversion, so that no log accepts it. Any thread,
/// but one object belongs to one thread at a time.
class SecretBytes {
public:
    /// `size` zero bytes. Throws std::bad_alloc when locked memory cannot be had at all.
    explicit SecretBytes(std::size_t size = 0);
    /// A copy of `bytes`; the caller wipes its own.
    [[nodiscard]] static SecretBytes copyOf(std::span<const std::uint8_t> bytes);
    [[nodiscard]] static SecretBytes copyOf(std::string_view bytes);
    ~SecretBytes();

    SecretBytes(SecretBytes &&other) noexcept;
    SecretBytes &operator=(SecretBytes &&other) noexcept;
    SecretBytes(const SecretBytes &) = delete;
    SecretBytes &operator=(const SecretBytes &) = delete;

    [[nodiscard]] std::uint8_t *data() noexcept { return m_data; }
    [[nodiscard]] const std::uint8_t *data() const noexcept { return m_data; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return {m_data, m_size}; }
    /// Wipes and frees now; the object is empty afterwards.
    void wipe() noexcept;

private:
    std::uint8_t *m_data = nullptr;
    std::size_t m_size = 0;
};

/// A symmetric key: always exactly 32 bytes in SecretBytes memory. Move-only; `clone()` copies on purpose.
class Key32 {
public:
    static constexpr std::size_t kSize = 32;

    /// 32 random bytes from libsodium.
    [[nodiscard]] static Key32 random();
    /// From exactly 32 bytes. Errors: InvalidArgument for any other length.
    [[nodiscard]] static Result<Key32> fromBytes(std::span<const std::uint8_t> bytes);
    [[nodiscard]] Key32 clone() const;
    [[nodiscard]] std::span<const std::uint8_t, kSize> bytes() const noexcept;
    [[nodiscard]] std::uint8_t *data() noexcept { return m_bytes.data(); }
    /// Constant-time comparison.
    [[nodiscard]] bool equals(const Key32 &other) const noexcept;

private:
    Key32() : m_bytes(kSize) {}
    SecretBytes m_bytes;
};

} // namespace tramontane
