// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The ways to open a vault, as values (design.md section 4). Any thread.
namespace tramontane {

enum class SlotKind { Keychain, Passphrase, Recovery, Organisation };

/// "keychain", "passphrase", "recovery" or "organisation", as policy, files and commands spell them.
[[nodiscard]] std::string_view slotKindName(SlotKind kind) noexcept;
[[nodiscard]] std::optional<SlotKind> slotKindFromName(std::string_view name) noexcept;

/// The public half of an organisation's X25519 key (RFC 7748), as policy names it.
struct OrganisationKey {
    static constexpr std::size_t kLongestName = 400; // bytes: 100 characters of any script

    std::array<std::uint8_t, 32> publicKey{};
    std::string name; // UTF-8
    bool operator==(const OrganisationKey &) const = default;
};

/// What two people compare over the telephone: the first 128 bits of SHA-256("tramontane organisation key v1\n" + key), as
/// eight groups of four lower-case hexadecimal digits with hyphens between them.
[[nodiscard]] std::string organisationFingerprint(const std::array<std::uint8_t, 32> &publicKey);

/// Whether `typed` is this fingerprint; capitals, spaces and missing hyphens do not matter.
[[nodiscard]] bool isFingerprint(std::string_view typed, std::string_view fingerprint);

/// What is known of a slot without a key.
struct SlotInfo {
    std::string id; // UUID text
    SlotKind kind = SlotKind::Passphrase;
    std::int64_t createdMs = 0;
    std::string organisation{}; // the name that the person confirmed; empty for other kinds
    std::string fingerprint{};  // of the organisation's key; empty for other kinds
    bool operator==(const SlotInfo &) const = default;
};

} // namespace tramontane
