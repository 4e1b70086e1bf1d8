// SPDX-License-Identifier: Apache-2.0
#include "app/audit/gap.h"

#include "app/core/digest.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace tramontane::audit {
namespace {

constexpr std::string_view kAfter = "after_";
constexpr std::string_view kMissing = "missing_";

/// A decimal number above 0 behind `prefix`, written in the one way that gapFlags() has.
std::optional<std::uint64_t> numberBehind(std::string_view prefix, std::string_view flag)
{
    if (!flag.starts_with(prefix))
        return std::nullopt;
    const std::string_view digits = flag.substr(prefix.size());
    std::uint64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec != std::errc() || value == 0 || std::to_string(value) != digits)
        return std::nullopt;
    return value;
}

} // namespace

std::vector<std::string> gapFlags(const AuditGap &gap)
{
    return {std::string(kAfter) + std::to_string(gap.after), std::string(kMissing) + std::to_string(gap.missing),
            gap.root};
}

Result<AuditGap> readGap(std::uint64_t seq, std::span<const std::string> flags)
{
    const Error none{ErrorCode::AuditBroken, "A record of a gap does not say what is missing.", "flags"};
    if (flags.size() != 3 || !hash32FromHex(flags[2]))
        return none;
    const auto after = numberBehind(kAfter, flags[0]);
    const auto missing = numberBehind(kMissing, flags[1]);
    if (!after || !missing || *after >= seq)
        return none;
    return AuditGap{seq, *after, *missing, flags[2]};
}

} // namespace tramontane::audit
