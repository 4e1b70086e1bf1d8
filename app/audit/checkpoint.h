// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "app/core/result.h"
#include "app/core/secret.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Signed tree heads: C2SP tlog-checkpoint inside a C2SP signed-note, Ed25519 (RFC 8032, signature type 0x01). Any thread.
namespace tramontane::audit {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// The Ed25519 key of a log, kept in locked memory. Move-only.
class SigningKey {
public:
    /// The RFC 8032 key pair of a 32-byte seed.
    [[nodiscard]] static SigningKey fromSeed(const Key32 &seed);
    [[nodiscard]] const PublicKey &publicKey() const noexcept { return m_public; }
    [[nodiscard]] Signature sign(std::string_view text) const;

private:
    SigningKey() = default;
    SecretBytes m_secret;
    PublicKey m_public{};
};

[[nodiscard]] bool verifySignature(const PublicKey &key, std::string_view text, const Signature &signature);

/// What a checkpoint says.
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash32 root{};
    bool operator==(const Checkpoint &) const = default;
};

/// The three lines that are signed: origin, decimal size, base64 root, each with its newline.
[[nodiscard]] std::string checkpointText(const Checkpoint &checkpoint);

/// The signed note; the key's name is the origin. Errors: InvalidArgument for an origin that is empty or holds a space,
/// a plus sign or a control character.
[[nodiscard]] Result<std::string> signCheckpoint(const Checkpoint &checkpoint, const SigningKey &key);

/// Reads a note and checks the signature that `key` made under the name `origin`; signatures of other keys are
/// ignored. Errors: AuditBroken when the note is malformed, is about another origin, carries no signature of this key
/// or one that does not verify; `detail` says which.
[[nodiscard]] Result<Checkpoint> openCheckpoint(std::string_view note, std::string_view origin, const PublicKey &key);

/// The 32-bit key ID of signed-note: SHA-256(name || 0x0A || 0x01 || public key), first four bytes.
[[nodiscard]] std::uint32_t noteKeyId(std::string_view name, const PublicKey &key);

/// The key as Go and C2SP tools take it: "<name>+<hex key ID>+<base64(0x01 || public key)>".
[[nodiscard]] std::string verifierKeyText(std::string_view name, const PublicKey &key);

} // namespace tramontane::audit
