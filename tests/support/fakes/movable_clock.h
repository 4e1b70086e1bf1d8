// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"

namespace tramontane::test {

/// A clock that stands still until a test moves it. 2026-11-22T09:14:03.211Z at first.
class MovableClock final : public Clock {
public:
    static constexpr std::int64_t kStartMs = 1'795'338'843'211;

    [[nodiscard]] std::int64_t utcMs() const override { return m_utcMs; }
    [[nodiscard]] std::int64_t monoMs() const override { return m_monoMs; }
    void advance(std::int64_t ms)
    {
        m_utcMs += ms;
        m_monoMs += ms;
    }
    /// As when somebody sets the clock of the machine.
    void setUtc(std::int64_t utcMs) { m_utcMs = utcMs; }

private:
    std::int64_t m_utcMs = kStartMs;
    std::int64_t m_monoMs = 1'000'000;
};

} // namespace tramontane::test
