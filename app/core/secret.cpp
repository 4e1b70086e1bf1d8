// SPDX-License-Identifier: Apache-2.0
#include "app/core/secret.h"

#include <sodium.h>

#include <algorithm>
#include <new>
#include <utility>

namespace tramontane {

Status initCrypto()
{
    if (sodium_init() < 0)
        return Error{ErrorCode::Internal, "The cryptography library cannot be started.", "sodium_init failed"};
    return {};
}

SecretBytes::SecretBytes(std::size_t size) : m_size(size)
{
    if (size == 0)
        return;
    m_data = static_cast<std::uint8_t *>(sodium_malloc(size));
    if (!m_data)
        throw std::bad_alloc();
    sodium_memzero(m_data, size);
}

SecretBytes SecretBytes::copyOf(std::span<const std::uint8_t> bytes)
{
    SecretBytes secret(bytes.size());
    std::copy(bytes.begin(), bytes.end(), secret.m_data);
    return secret;
}

SecretBytes SecretBytes::copyOf(std::string_view bytes)
{
    SecretBytes secret(bytes.size());
    std::copy(bytes.begin(), bytes.end(), secret.m_data);
    return secret;
}

SecretBytes::~SecretBytes()
{
    wipe();
}

SecretBytes::SecretBytes(SecretBytes &&other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0))
{
}

SecretBytes &SecretBytes::operator=(SecretBytes &&other) noexcept
{
    if (this != &other) {
        wipe();
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
    }
    return *this;
}

void SecretBytes::wipe() noexcept
{
    sodium_free(m_data); // wipes before it frees; accepts nullptr
    m_data = nullptr;
    m_size = 0;
}

Key32 Key32::random()
{
    Key32 key;
    randombytes_buf(key.m_bytes.data(), kSize);
    return key;
}

Result<Key32> Key32::fromBytes(std::span<const std::uint8_t> bytes)
{
    if (bytes.size() != kSize)
        return Error{ErrorCode::InvalidArgument, "A key has the wrong length.", "expected 32 bytes"};
    Key32 key;
    std::copy(bytes.begin(), bytes.end(), key.m_bytes.data());
    return key;
}

Key32 Key32::clone() const
{
    Key32 key;
    std::copy_n(m_bytes.data(), kSize, key.m_bytes.data());
    return key;
}

std::span<const std::uint8_t, Key32::kSize> Key32::bytes() const noexcept
{
    return std::span<const std::uint8_t, kSize>(m_bytes.data(), kSize);
}

bool Key32::equals(const Key32 &other) const noexcept
{
    return sodium_memcmp(m_bytes.data(), other.m_bytes.data(), kSize) == 0;
}

} // namespace tramontane
