// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/guess_policy.h"

#include <ngram-map.h>

#include <algorithm>

namespace tramontane::engine {

namespace {

constexpr std::uint16_t kSameTokens = 4; // so many must be the same before
constexpr std::size_t kShortest = 4;
constexpr double kNewShare = 0.3;
constexpr double kWorthIt = 0.3; // below this, checking guesses costs more than it gains
constexpr std::size_t kLongestPause = 512;

} // namespace

std::size_t GuessPolicy::next(std::size_t room)
{
    if (m_pause > 0) {
        --m_pause;
        return 0;
    }
    return room < kShortest ? 0 : std::min(m_length, room);
}

void GuessPolicy::learn(std::size_t guessed, std::size_t right)
{
    if (guessed == 0)
        return;
    const double part = static_cast<double>(right) / static_cast<double>(guessed);
    m_rightness = (1 - kNewShare) * m_rightness + kNewShare * part;
    if (right == guessed)
        m_length = std::min(m_length * 2, kMostGuessed);
    else if (right * 2 < guessed)
        m_length = std::max(m_length / 2, kShortest);
    if (m_rightness < kWorthIt) {
        m_pause = m_nextPause;
        m_nextPause = std::min(m_nextPause * 2, kLongestPause);
        m_rightness = (1 + kWorthIt) / 2; // the next guesses get a fair trial
    }
}

TokenIds guessFromPrompt(const TokenIds &tokens, std::size_t most)
{
    if (most < kShortest || tokens.size() < 2)
        return {};
    const common_ngram_simple_config config{kSameTokens, static_cast<std::uint16_t>(std::min(most, kMostGuessed))};
    return common_ngram_simple_draft(config, TokenIds(tokens.begin(), tokens.end() - 1), tokens.back());
}

} // namespace tramontane::engine
