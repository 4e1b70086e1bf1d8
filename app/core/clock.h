// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace tramontane {

/// The time, as a dependency: tests hand in a clock that they move themselves. Any thread.
class Clock {
public:
    virtual ~Clock() = default;
    /// Milliseconds since 1970-01-01 UTC. May jump, also backwards.
    [[nodiscard]] virtual std::int64_t utcMs() const = 0;
    /// Milliseconds since an arbitrary point of this boot. Never goes backwards.
    [[nodiscard]] virtual std::int64_t monoMs() const = 0;
};

/// The clock of the machine.
class SystemClock final : public Clock {
public:
    [[nodiscard]] std::int64_t utcMs() const override;
    [[nodiscard]] std::int64_t monoMs() const override;
};

/// RFC 3339 in UTC with milliseconds, e.g. "2026-11-22T09:14:03.211Z". Any thread; never fails for years 0-9999.
[[nodiscard]] std::string rfc3339(std::int64_t utcMs);

} // namespace tramontane
