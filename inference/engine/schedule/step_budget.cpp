// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/step_budget.h"

#include <algorithm>

namespace tramontane::engine {

namespace {

constexpr double kNewShare = 0.3; // of the newest step in the average: a machine can become slower within seconds

} // namespace

int StepBudget::promptTokens() const noexcept
{
    const int least = std::min(kLeast, m_most);
    if (m_usPerToken == 0)
        return least;
    const double target = std::chrono::duration<double, std::micro>(kTarget).count();
    const int fits = static_cast<int>(std::min(target / m_usPerToken, static_cast<double>(m_most)));
    const int whole = fits >= kTile ? kTile : kLeast;
    return std::clamp(fits / whole * whole, least, m_most);
}

void StepBudget::measured(int tokens, std::chrono::microseconds time) noexcept
{
    // A step with few tokens says what reading the weights costs, not what a token costs.
    if (tokens < std::min(kLeast, m_most) || time.count() <= 0)
        return;
    const double now = static_cast<double>(time.count()) / tokens;
    m_usPerToken = m_usPerToken == 0 ? now : (1 - kNewShare) * m_usPerToken + kNewShare * now;
}

} // namespace tramontane::engine
