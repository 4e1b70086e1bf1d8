// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/adapter_turns.h"

#include <algorithm>

namespace tramontane::engine {

const AdapterSet &AdapterTurns::next(const std::vector<const AdapterSet *> &sets)
{
    const auto among = [&](const AdapterSet &set) {
        return std::any_of(sets.begin(), sets.end(), [&](const AdapterSet *other) { return *other == set; });
    };
    if (!m_line.empty() && !among(m_line.front()))
        m_steps = 0; // whoever comes next begins a turn of its own
    std::erase_if(m_line, [&](const AdapterSet &set) { return !among(set); });
    for (const AdapterSet *set : sets) {
        if (std::find(m_line.begin(), m_line.end(), *set) == m_line.end())
            m_line.push_back(*set);
    }
    if (m_steps == kSteps) {
        std::rotate(m_line.begin(), m_line.begin() + 1, m_line.end());
        m_steps = 0;
    }
    ++m_steps;
    return m_line.front();
}

} // namespace tramontane::engine
