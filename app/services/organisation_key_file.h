// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/key_slot.h"
#include "app/core/result.h"
#include "app/core/secret.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

// The private half of an organisation's key, as its custodians keep it (resources/formats/organisation-key.md): whole, or
// in two halves of which one alone says nothing. Any thread.
namespace tramontane {

/// An X25519 key pair (RFC 7748).
struct OrganisationKeyPair {
    std::array<std::uint8_t, 32> publicKey{};
    std::shared_ptr<SecretBytes> privateKey; // 32 bytes
};

[[nodiscard]] OrganisationKeyPair makeOrganisationKeyPair();

/// The text of the file for one custodian.
[[nodiscard]] SecretBytes organisationKeyFile(const OrganisationKeyPair &pair);
/// The texts of the files for two custodians, each random for itself.
[[nodiscard]] std::pair<SecretBytes, SecretBytes> organisationKeyHalves(const OrganisationKeyPair &pair);

/// Puts the key together from the content of one whole file or of both halves, in any order. Errors: InvalidArgument (no
/// such file, damaged, a half without the other one, halves of two keys); the message says which and what to do.
[[nodiscard]] Result<OrganisationKeyPair> readOrganisationKey(const std::vector<std::shared_ptr<SecretBytes>> &files);

} // namespace tramontane
