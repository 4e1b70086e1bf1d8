// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/checkpoint_store.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tramontane::engine {

namespace {

std::size_t bytesOf(const Checkpoint &checkpoint)
{
    return checkpoint.state.size() + checkpoint.tokens.size() * sizeof(llama_token);
}

/// Whether the checkpoint lies on the way of these tokens, computed with these adapters.
bool leadsTo(const Checkpoint &checkpoint, std::span<const llama_token> tokens, const AdapterSet &adapters)
{
    const TokenIds &beginning = checkpoint.tokens;
    return checkpoint.adapters == adapters && beginning.size() <= tokens.size()
           && std::equal(beginning.begin(), beginning.end(), tokens.begin());
}

} // namespace

void CheckpointStore::add(Checkpoint checkpoint)
{
    const std::size_t size = bytesOf(checkpoint);
    if (checkpoint.tokens.empty() || size > m_limits.bytes)
        return;
    const auto same = std::find_if(m_all.begin(), m_all.end(), [&](const Checkpoint &other) {
        return other.tokens == checkpoint.tokens && other.adapters == checkpoint.adapters;
    });
    if (same != m_all.end())
        drop(same);
    checkpoint.lastUse = ++m_uses;
    const auto longer = std::find_if(m_all.begin(), m_all.end(), [&](const Checkpoint &other) {
        return other.tokens.size() > checkpoint.tokens.size();
    });
    m_bytes += size;
    thinOut(*m_all.insert(longer, std::move(checkpoint)));
    while (m_all.size() > m_limits.count || m_bytes > m_limits.bytes)
        dropOldest();
}

void CheckpointStore::thinOut(const Checkpoint &end)
{
    std::vector<All::iterator> onIt;
    for (auto it = m_all.begin(); it != m_all.end(); ++it) {
        if (leadsTo(*it, end.tokens, end.adapters))
            onIt.push_back(it);
    }
    if (onIt.size() <= m_limits.onOneWay || onIt.size() < 3)
        return;
    // The gap that a loss would leave, compared with how far back it lies: people go back a little more often than far.
    // The first one stays, other conversations may begin with it; the last one is new.
    const auto at = [&](std::size_t i) { return static_cast<double>(onIt[i]->tokens.size()); };
    std::size_t least = 1;
    double leastLoss = 2;
    for (std::size_t i = 1; i + 1 < onIt.size(); ++i) {
        const double loss = (at(i + 1) - at(i - 1)) / (at(onIt.size() - 1) - at(i - 1));
        if (loss < leastLoss) {
            least = i;
            leastLoss = loss;
        }
    }
    drop(onIt[least]);
}

void CheckpointStore::dropOldest()
{
    drop(std::min_element(m_all.begin(), m_all.end(),
                          [](const Checkpoint &a, const Checkpoint &b) { return a.lastUse < b.lastUse; }));
}

void CheckpointStore::drop(All::iterator which)
{
    m_bytes -= bytesOf(*which);
    m_all.erase(which);
}

const Checkpoint *CheckpointStore::longest(std::span<const llama_token> prompt, std::size_t most,
                                           const AdapterSet &adapters)
{
    const auto beginning = prompt.first(std::min(most, prompt.size()));
    const Checkpoint *found = nullptr;
    for (Checkpoint &checkpoint : m_all) {
        if (!leadsTo(checkpoint, beginning, adapters))
            continue;
        checkpoint.lastUse = ++m_uses;
        found = &checkpoint;
    }
    return found;
}

std::vector<const Checkpoint *> CheckpointStore::onTheWay(std::span<const llama_token> tokens,
                                                          const AdapterSet &adapters) const
{
    std::vector<const Checkpoint *> found;
    for (const Checkpoint &checkpoint : m_all) {
        if (leadsTo(checkpoint, tokens, adapters))
            found.push_back(&checkpoint);
    }
    return found;
}

bool CheckpointStore::has(std::span<const llama_token> tokens, const AdapterSet &adapters) const noexcept
{
    return std::any_of(m_all.begin(), m_all.end(), [&](const Checkpoint &checkpoint) {
        return checkpoint.tokens.size() == tokens.size() && leadsTo(checkpoint, tokens, adapters);
    });
}

void CheckpointStore::forget(const std::string &owner)
{
    for (auto it = m_all.begin(); it != m_all.end();) {
        const auto next = std::next(it);
        if (!owner.empty() && it->owner == owner)
            drop(it);
        it = next;
    }
}

} // namespace tramontane::engine
