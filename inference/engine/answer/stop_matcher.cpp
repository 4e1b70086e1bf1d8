// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/stop_matcher.h"

#include <algorithm>
#include <utility>

namespace tramontane::engine {

StopMatcher::StopMatcher(std::vector<std::string> stops) : m_stops(std::move(stops))
{
    std::erase_if(m_stops, [](const std::string &stop) { return stop.empty(); });
}

std::size_t StopMatcher::heldBack() const
{
    std::size_t longest = 0;
    for (const std::string &stop : m_stops) {
        std::size_t size = std::min(stop.size() - 1, m_pending.size());
        while (size > longest && !m_pending.ends_with(std::string_view(stop).substr(0, size)))
            --size;
        longest = std::max(longest, size);
    }
    return longest;
}

std::string StopMatcher::push(std::string_view text)
{
    if (m_stopped)
        return {};
    if (m_stops.empty())
        return std::string(text);
    m_pending.append(text);
    std::size_t first = std::string::npos;
    for (const std::string &stop : m_stops)
        first = std::min(first, m_pending.find(stop));
    m_stopped = first != std::string::npos;
    const std::size_t shown = m_stopped ? first : m_pending.size() - heldBack();
    std::string out = m_pending.substr(0, shown);
    m_pending.erase(0, m_stopped ? m_pending.size() : shown);
    return out;
}

std::string StopMatcher::finish()
{
    return std::exchange(m_pending, {});
}

} // namespace tramontane::engine
