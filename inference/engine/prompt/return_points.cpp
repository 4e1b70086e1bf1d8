// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/return_points.h"

#include <algorithm>
#include <iterator>

namespace tramontane::engine {

namespace {

// Two, because a question may begin like one of them; of different kinds, because a letter or digit may be joined with
// what stands before it.
constexpr const char *kOtherQuestions[] = {"x", "7"};

/// How many tokens do not depend on the question at `turn` and what comes after it.
std::size_t before(const PromptTokens &prompts, const PromptInput &prompt, std::size_t turn, const TokenIds &tokens)
{
    PromptInput other{{prompt.turns.begin(), prompt.turns.begin() + static_cast<std::ptrdiff_t>(turn)}, prompt.shape};
    other.turns.push_back({Role::User, {}});
    std::size_t common = tokens.size();
    for (const char *question : kOtherQuestions) {
        other.turns.back().text = question;
        const auto made = prompts.make(other);
        if (!made)
            return 0;
        const auto end = std::mismatch(tokens.begin(), tokens.end(), made->begin(), made->end()).first;
        common = std::min(common, static_cast<std::size_t>(end - tokens.begin()));
    }
    return common;
}

} // namespace

std::vector<std::size_t> returnPoints(const PromptTokens &prompts, const PromptInput &prompt, const TokenIds &tokens)
{
    const auto asks = [](const ChatTurn &turn) { return turn.role == Role::User; };
    const auto &turns = prompt.turns;
    const auto first = std::find_if(turns.begin(), turns.end(), asks);
    if (first == turns.end())
        return {};
    const auto last = std::prev(std::find_if(turns.rbegin(), turns.rend(), asks).base());
    std::vector<std::size_t> points;
    for (const auto turn : {first, last}) {
        const std::size_t point = before(prompts, prompt, static_cast<std::size_t>(turn - turns.begin()), tokens);
        if (point > 0 && (points.empty() || point > points.back()))
            points.push_back(point);
    }
    return points;
}

} // namespace tramontane::engine
