// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace tramontane {

/// Decides whether a worker that ended by itself is started again: the first time at once, then after a pause, and
/// not any more once it ended `kDeaths` times within `kWindow`, or, however long each took, `kDeaths` times without
/// having served in between: loading a large model takes longer than any window. No timer of its own. One thread.
class RestartPolicy {
public:
    static constexpr std::size_t kDeaths = 3;
    static constexpr std::chrono::milliseconds kWindow{60'000};
    static constexpr std::chrono::milliseconds kPause{500};

    /// `clock` outlives the policy; only its monotonic time is read.
    explicit RestartPolicy(const Clock &clock) : m_clock(clock) {}

    /// Notes that the worker ended now. Returns how long to wait before the next start; nothing: give up.
    [[nodiscard]] std::optional<std::chrono::milliseconds> died();
    /// Notes that the worker serves.
    void serves() { m_deathsInARow = 0; }
    /// Forgets all ends: a person asked for a new attempt.
    void reset()
    {
        m_deathsMs.clear();
        m_deathsInARow = 0;
    }

private:
    const Clock &m_clock;
    std::deque<std::int64_t> m_deathsMs;
    std::size_t m_deathsInARow = 0; // since it served
};

} // namespace tramontane
