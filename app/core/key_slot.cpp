// SPDX-License-Identifier: Apache-2.0
#include "app/core/key_slot.h"

#include "app/core/digest.h"

namespace tramontane {
namespace {

struct Row {
    SlotKind kind;
    std::string_view name;
};

constexpr std::array kRows{Row{SlotKind::Keychain, "keychain"}, Row{SlotKind::Passphrase, "passphrase"},
                           Row{SlotKind::Recovery, "recovery"}, Row{SlotKind::Organisation, "organisation"}};

constexpr std::string_view kFingerprintOf = "tramontane organisation key v1\n";
constexpr std::size_t kFingerprintDigits = 32;
constexpr std::size_t kGroup = 4;

/// Only the digits, lower case; anything else stays, so that it differs.
std::string digitsOf(std::string_view text)
{
    std::string digits;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == ':' || c == '\t' || c == '\n' || c == '\r')
            continue;
        digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return digits;
}

} // namespace

std::string_view slotKindName(SlotKind kind) noexcept
{
    for (const Row &row : kRows) {
        if (row.kind == kind)
            return row.name;
    }
    return "";
}

std::optional<SlotKind> slotKindFromName(std::string_view name) noexcept
{
    for (const Row &row : kRows) {
        if (row.name == name)
            return row.kind;
    }
    return std::nullopt;
}

std::string organisationFingerprint(const std::array<std::uint8_t, 32> &publicKey)
{
    std::string hashed(kFingerprintOf);
    hashed.append(publicKey.begin(), publicKey.end());
    const std::string digits = toHex(sha256(hashed)).substr(0, kFingerprintDigits);
    std::string grouped;
    for (std::size_t at = 0; at < digits.size(); at += kGroup)
        grouped += (at == 0 ? "" : "-") + digits.substr(at, kGroup);
    return grouped;
}

bool isFingerprint(std::string_view typed, std::string_view fingerprint)
{
    const std::string digits = digitsOf(typed);
    return digits.size() == kFingerprintDigits && digits == digitsOf(fingerprint);
}

} // namespace tramontane
