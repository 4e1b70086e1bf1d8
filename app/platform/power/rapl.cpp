// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/rapl.h"

#include <algorithm>
#include <fstream>

namespace tramontane::power {

namespace {

std::optional<std::uint64_t> numberIn(const std::filesystem::path &path)
{
    std::uint64_t value = 0;
    std::ifstream file(path);
    return file >> value ? std::optional(value) : std::nullopt;
}

/// "intel-rapl:0", but not "intel-rapl:0:1": a part of a package is counted with it. (AMD's are called the same.)
bool isPackage(const std::string &name)
{
    return name.starts_with("intel-rapl:") && std::count(name.begin(), name.end(), ':') == 1;
}

} // namespace

Rapl::Rapl(std::filesystem::path folder)
{
    std::error_code error;
    bool forbidden = false;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        if (!isPackage(entry.path().filename().string()))
            continue;
        const auto range = numberIn(entry.path() / "max_energy_range_uj");
        const auto now = numberIn(entry.path() / "energy_uj");
        forbidden = forbidden || !now;
        if (range && now)
            m_packages.push_back({entry.path() / "energy_uj", *range, *now});
    }
    // All or nothing: half of a machine's energy would be taken for the whole.
    if (forbidden) {
        m_packages.clear();
        m_problem = "this account may not read the energy counters of the processor";
    } else if (m_packages.empty()) {
        m_problem = "this computer shows no energy counters of its processor";
    }
}

std::optional<std::int64_t> Rapl::microjoules()
{
    if (m_packages.empty())
        return std::nullopt;
    std::vector<std::uint64_t> readings;
    for (const Package &package : m_packages) {
        const auto now = numberIn(package.counter);
        if (!now)
            return std::nullopt;
        readings.push_back(*now);
    }
    for (std::size_t i = 0; i < readings.size(); ++i) {
        Package &package = m_packages[i];
        const std::uint64_t used =
            readings[i] >= package.last ? readings[i] - package.last : package.range - package.last + readings[i];
        m_sum += static_cast<std::int64_t>(used);
        package.last = readings[i];
    }
    return m_sum;
}

} // namespace tramontane::power
