// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::power {

/// The energy counters of the processors (RAPL through Linux' powercap: Documentation/power/powercap). Only root may read
/// them on most systems, because they tell what other programs compute (CVE-2020-8694). One thread at a time.
class Rapl {
public:
    explicit Rapl(std::filesystem::path folder = "/sys/class/powercap");

    /// Empty when there are counters that can be read. A sentence without a full stop at the end otherwise.
    [[nodiscard]] const std::string &problem() const { return m_problem; }
    /// What all processor packages together have used since this object was made. The counters begin again at their
    /// range; that is made up for, as long as one asks at least once a minute. Nothing when they cannot be read.
    [[nodiscard]] std::optional<std::int64_t> microjoules();

private:
    struct Package {
        std::filesystem::path counter;
        std::uint64_t range = 0;
        std::uint64_t last = 0;
    };

    std::vector<Package> m_packages;
    std::int64_t m_sum = 0;
    std::string m_problem;
};

} // namespace tramontane::power
