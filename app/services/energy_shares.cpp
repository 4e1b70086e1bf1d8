// SPDX-License-Identifier: Apache-2.0
#include "app/services/energy_shares.h"

#include <cmath>

namespace tramontane {
namespace {

constexpr double kMilliJoulesPerKilowattHour = 3.6e9;

} // namespace

void EnergyShares::divide()
{
    const auto now = m_probe != nullptr ? m_probe->microjoules() : std::nullopt;
    const bool known = now && m_last && *now >= *m_last;
    for (auto &[id, share] : m_running) {
        share.complete = share.complete && known;
        if (known)
            share.microJoule += static_cast<double>(*now - *m_last) / static_cast<double>(m_running.size());
    }
    m_last = now;
}

EnergyShares::Id EnergyShares::begin()
{
    divide();
    m_running[m_next] = {};
    return m_next++;
}

EnergyUse EnergyShares::end(Id id)
{
    divide();
    EnergyUse use;
    const auto found = m_running.find(id);
    const bool measured = found != m_running.end() && found->second.complete;
    if (measured) {
        use.milliJoule = std::llround(found->second.microJoule / 1000);
        use.source = m_probe->source();
    } else {
        const std::string why =
            m_probe != nullptr ? m_probe->problem() : "this program has no access to energy counters";
        use.notMeasured = why.empty() ? "the energy counters stopped answering" : why;
    }
    if (found != m_running.end())
        m_running.erase(found);
    return use;
}

std::optional<double> co2Milligrams(const EnergyUse &use, std::int64_t gramsPerKilowattHour)
{
    if (!use.milliJoule || gramsPerKilowattHour <= 0)
        return std::nullopt;
    return static_cast<double>(*use.milliJoule) / kMilliJoulesPerKilowattHour
           * static_cast<double>(gramsPerKilowattHour) * 1000;
}

} // namespace tramontane
