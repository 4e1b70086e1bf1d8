// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Known answers: each primitive of libsodium that this program uses computes a published example before it is trusted
// with anything (as FIPS 140-3 demands it of modules). Any thread.
namespace tramontane {

/// One primitive and what it has to answer.
struct KnownAnswer {
    std::string_view primitive; // "Ed25519"
    std::string_view source;    // where the example was published
    std::vector<std::uint8_t> (*compute)();
    std::string_view expected; // lower-case hex
};

/// What initCrypto() made ready: XChaCha20-Poly1305, secretstream, Argon2id, SHA-256, HMAC-SHA-256, BLAKE2b and
/// its subkeys, Ed25519, X25519, sealed boxes. Those that authenticate must also refuse an altered example.
[[nodiscard]] std::span<const KnownAnswer> knownAnswers();

/// Computes them, a few milliseconds in all. Errors: Internal for the first that is wrong; the message names the
/// primitive. The program must end then: nothing that it encrypts, signs or checks could be relied on.
[[nodiscard]] Status checkKnownAnswers(std::span<const KnownAnswer> answers);

/// How a self-test that failed is worded.
[[nodiscard]] Error selfTestFailed(std::string_view primitive, std::string_view source);

} // namespace tramontane
