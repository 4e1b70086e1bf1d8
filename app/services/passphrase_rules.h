// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <algorithm>
#include <memory>

namespace tramontane {

inline constexpr int kShortestPassphrase = 8; // characters

/// Whether a passphrase may be used for a new slot: counted in code points, so that a short passphrase in another script is
/// not taken for a long one. Any thread.
[[nodiscard]] inline bool longEnough(const std::shared_ptr<SecretBytes> &passphrase)
{
    if (!passphrase)
        return false;
    const auto bytes = passphrase->bytes();
    return std::count_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return (byte & 0xC0) != 0x80; })
           >= kShortestPassphrase;
}

} // namespace tramontane
