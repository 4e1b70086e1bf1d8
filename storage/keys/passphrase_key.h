// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <array>
#include <cstdint>

namespace tramontane::vault {

/// Argon2id version 1.3 (RFC 9106) with one lane, as libsodium's crypto_pwhash computes it. The bounds hold for what is
/// written and for what is read: below, guessing is cheap; above, a hostile file could exhaust the machine.
struct KdfParameters {
    static constexpr int kMinMemoryMiB = 64;
    static constexpr int kMaxMemoryMiB = 1024;
    static constexpr int kMinPasses = 3;
    static constexpr int kMaxPasses = 10;

    int memoryMiB = 256;
    int passes = 3;
    std::array<std::uint8_t, 16> salt{};
};

/// The same cost with a new random salt.
[[nodiscard]] KdfParameters withNewSalt(KdfParameters parameters);

/// Takes half a second and `memoryMiB` of memory: off the GUI thread. Errors: InvalidArgument (out of bounds), Internal
/// (the memory cannot be had; the message says so).
[[nodiscard]] Result<Key32> passphraseKey(const SecretBytes &passphrase, const KdfParameters &parameters);

} // namespace tramontane::vault
