// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// A sequence of messages under one key: libsodium's crypto_secretstream_xchacha20poly1305. No message can be changed,
// left out, repeated or moved, and the end cannot be cut off. One object belongs to one thread at a time.
namespace tramontane::vault {

using StreamNonce = std::array<std::uint8_t, 24>;
inline constexpr std::size_t kSealedMessageExtra = 17;

enum class StreamTag { More, Last };

/// Seals messages in order. Its state is wiped with it.
class StreamSealer {
public:
    /// A new stream with a random nonce. Throws std::bad_alloc when locked memory cannot be had.
    explicit StreamSealer(const Key32 &key);
    [[nodiscard]] const StreamNonce &nonce() const noexcept { return m_nonce; }
    /// Puts the sealed message into `sealed` (kSealedMessageExtra bytes longer).
    void seal(std::span<const std::uint8_t> message, std::string_view associatedData, StreamTag tag,
              std::vector<std::uint8_t> &sealed);

private:
    SecretBytes m_state;
    StreamNonce m_nonce{};
};

/// Opens messages in the order in which they were sealed. The caller gives up at the first one that does not open.
class StreamOpener {
public:
    StreamOpener(const Key32 &key, const StreamNonce &nonce);
    /// Puts the message into `message`. Nothing: changed, out of order, another key or other associated data.
    [[nodiscard]] std::optional<StreamTag> open(std::span<const std::uint8_t> sealed, std::string_view associatedData,
                                                std::vector<std::uint8_t> &message);

private:
    SecretBytes m_state;
};

} // namespace tramontane::vault
