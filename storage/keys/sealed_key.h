// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tramontane::vault {

/// A key wrapped by another one: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, libsodium's ietf variant) with a random
/// nonce. What it is for is bound in as associated data, so that a wrapped key cannot be moved to another place.
struct SealedKey {
    std::array<std::uint8_t, 24> nonce{};
    std::array<std::uint8_t, 48> wrapped{}; // 32 bytes of key, 16 of tag
};

/// Any thread; never fails.
[[nodiscard]] SealedKey sealKey(const Key32 &key, const Key32 &under, std::string_view associatedData);
/// Nothing when the wrapping key, the data or the place is another one. Any thread.
[[nodiscard]] std::optional<Key32> unsealKey(const SealedKey &sealed, const Key32 &under,
                                             std::string_view associatedData);

} // namespace tramontane::vault
