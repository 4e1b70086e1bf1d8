// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/secret.h"

#include <memory>
#include <string_view>

namespace tramontane {

/// A way to open the vault that fits on paper: 168 random bits as 34 symbols, and a check part of 6 that finds typing
/// errors before anything is derived. Written as eight groups of five, "2X7KM-…", in Crockford's alphabet (digits and
/// capitals without I, L, O and U). Kept in locked memory. Any thread, but one object belongs to one thread at a time.
/// Sources followed: Douglas Crockford, Base32 (https://www.crockford.com/base32.html), for the symbols and what is read
/// for look-alikes; BIP 350 (Bech32m) with the prefix "tramontane" for the check part: it finds every mistake in up to
/// four symbols, and any other but one in 10^9.
class RecoveryCode {
public:
    static constexpr std::size_t kBytes = 21;
    static constexpr std::size_t kTextLength = 47; // 40 symbols, 7 hyphens

    [[nodiscard]] static RecoveryCode random();
    /// Reads what a person typed or a file holds: small letters, spaces, line ends, hyphens and dashes anywhere; O is read
    /// as 0, I and L as 1, U as V. Errors: InvalidArgument (not 40 symbols, a character that is no symbol, or a typing
    /// error); the message says which and where, and never repeats what was typed.
    [[nodiscard]] static Result<RecoveryCode> fromText(std::string_view typed);

    /// The secret itself, kBytes bytes: what a slot is opened with.
    [[nodiscard]] std::shared_ptr<SecretBytes> bytes() const;
    /// As it is shown and printed; the only readable form, so handed out in locked memory, too.
    [[nodiscard]] SecretBytes text() const;
    /// Constant-time comparison.
    [[nodiscard]] bool equals(const RecoveryCode &other) const noexcept;

private:
    explicit RecoveryCode(SecretBytes bytes) : m_bytes(std::move(bytes)) {}
    SecretBytes m_bytes;
};

} // namespace tramontane
