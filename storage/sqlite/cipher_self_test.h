// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/crypto_self_test.h"

// Whether the databases would be encrypted as the format says (resources/formats/vault.md). Any thread.
namespace tramontane::sqlite {

/// What SQLCipher takes from libcrypto: AES-256-CBC, HMAC-SHA-512, PBKDF2-HMAC-SHA-512.
[[nodiscard]] std::span<const KnownAnswer> cipherKnownAnswers();

/// A pragma of SQLCipher and what it must answer.
struct CipherSetting {
    std::string_view pragma;
    std::string_view expected;
};
[[nodiscard]] std::span<const CipherSetting> cipherSettings();

/// Asks a keyed database in memory. Errors: Internal, naming the setting.
[[nodiscard]] Status checkCipherSettings(std::span<const CipherSetting> settings);

/// Both. Errors: as checkKnownAnswers() and checkCipherSettings(). A millisecond.
[[nodiscard]] Status cipherSelfTest();

} // namespace tramontane::sqlite
