// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

namespace tramontane {

/// What work that may take long is given: whom it tells how far it has come, and how it hears that it is to end.
struct LongWork {
    /// `done` of `total`, in the unit that the function names; `total` may grow. Called in a thread of the work.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
    /// When it is requested, the work ends with Cancelled as if it had never begun.
    std::stop_token stop{};

    void report(std::uint64_t done, std::uint64_t total) const
    {
        if (progress)
            progress(done, total);
    }
};

} // namespace tramontane
