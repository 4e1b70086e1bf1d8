// SPDX-License-Identifier: Apache-2.0
#include "inference/client/restart_policy.h"

namespace tramontane {

std::optional<std::chrono::milliseconds> RestartPolicy::died()
{
    const std::int64_t now = m_clock.monoMs();
    while (!m_deathsMs.empty() && now - m_deathsMs.front() >= kWindow.count())
        m_deathsMs.pop_front();
    m_deathsMs.push_back(now);
    ++m_deathsInARow;
    if (m_deathsMs.size() >= kDeaths || m_deathsInARow >= kDeaths)
        return std::nullopt;
    return m_deathsMs.size() == 1 && m_deathsInARow == 1 ? std::chrono::milliseconds{0} : kPause;
}

} // namespace tramontane
