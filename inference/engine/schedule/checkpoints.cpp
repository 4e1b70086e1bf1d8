// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/checkpoints.h"

#include "inference/engine/image/image_keys.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tramontane::engine {

namespace {

// Only what cannot be cut: the states of recurrent layers and the window of sliding ones.
constexpr llama_state_seq_flags kPart = LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY;

} // namespace

Checkpoints::Checkpoints(llama_context *context, SequenceTable &table, CheckpointStore::Limits limits)
    : m_context(context), m_table(table), m_goingBack(goingBack(llama_get_model(context))), m_store(limits)
{
    const auto window = static_cast<std::uint32_t>(llama_model_n_swa(llama_get_model(context)));
    m_fewWindowCells = window > 0 && window * llama_n_seq_max(context) < llama_n_ctx(context);
}

SequenceTable::Place Checkpoints::place(const TokenIds &prompt, const AdapterSet &adapters)
{
    if (m_goingBack == GoingBack::Anywhere)
        return m_table.place(prompt, adapters);
    const bool needsKv = m_goingBack == GoingBack::CheckpointsAndKv;
    const std::size_t most = needsKv ? m_table.holdsOf(prompt, adapters) : prompt.size() - 1;
    const Checkpoint *best = m_store.longest(prompt, most, adapters);
    if (best != nullptr && best->tokens.size() > m_table.wouldKeep(prompt, adapters)) {
        const auto restore = [&](llama_seq_id sequence) { return putBack(best->state, sequence); };
        const auto place = m_table.placeAt(prompt, best->tokens.size(), restore, adapters);
        if (place.sequence >= 0)
            return place;
    }
    return withOwnWindow(m_table.place(prompt, adapters));
}

/// Cells of a window that two sequences share are free for neither when both have moved on (llama-kv-cache.cpp,
/// find_slot): there would soon be none. A copy of the window alone is what the room was planned for.
SequenceTable::Place Checkpoints::withOwnWindow(SequenceTable::Place place)
{
    if (!place.shared || !m_fewWindowCells || putBack(part(place.sequence), place.sequence))
        return place;
    m_table.goBack(place.sequence, 0, {});
    return {place.sequence, 0, false};
}

std::string Checkpoints::part(llama_seq_id sequence) const
{
    std::string bytes(llama_state_seq_get_size_ext(m_context, sequence, kPart), '\0');
    auto *into = reinterpret_cast<std::uint8_t *>(bytes.data());
    if (llama_state_seq_get_data_ext(m_context, into, bytes.size(), sequence, kPart) != bytes.size())
        bytes.clear();
    return bytes;
}

bool Checkpoints::putBack(const std::string &part, llama_seq_id sequence) const
{
    const auto *from = reinterpret_cast<const std::uint8_t *>(part.data());
    return !part.empty() && llama_state_seq_set_data_ext(m_context, from, part.size(), sequence, kPart) == part.size();
}

bool Checkpoints::taken(const Answer &answer) const
{
    return m_goingBack != GoingBack::Anywhere && !answer.asked().deterministic && answer.asked().reusePrefix;
}

bool Checkpoints::due(const Answer &answer, std::size_t at) const
{
    const TokenIds &tokens = answer.tokens();
    // An image is known again as a whole or not at all (SequenceTable).
    const bool inImage = at < tokens.size() && isImageCell(tokens[at]) && at > 0 && isImageCell(tokens[at - 1]);
    if (at < kLeast || inImage)
        return false;
    const auto &points = answer.returnPoints();
    const bool wanted = at % kEvery == 0 || at + 1 == answer.promptTokens()
                        || std::find(points.begin(), points.end(), at) != points.end();
    return wanted && !m_store.has(std::span(answer.tokens()).first(at), answer.adapters());
}

std::size_t Checkpoints::readUpTo(const Answer &answer, std::size_t computed) const
{
    const std::size_t end = answer.tokens().size();
    if (!taken(answer))
        return end;
    std::vector<std::size_t> places = answer.returnPoints();
    places.push_back(answer.promptTokens() - 1);
    for (std::size_t at = (computed / kEvery + 1) * kEvery; at < end; at += kEvery)
        places.push_back(at);
    std::sort(places.begin(), places.end());
    const auto next = std::find_if(places.begin(), places.end(),
                                   [&](std::size_t at) { return at > computed && at < end && due(answer, at); });
    return next == places.end() ? end : *next;
}

void Checkpoints::reached(const Answer &answer, llama_seq_id sequence)
{
    const TokenIds &tokens = m_table.tokens(sequence);
    if (!taken(answer) || !due(answer, tokens.size()))
        return;
    Checkpoint checkpoint{tokens, part(sequence), answer.asked().conversation, 0, answer.adapters()};
    if (!checkpoint.state.empty())
        m_store.add(std::move(checkpoint));
}

void Checkpoints::recover(llama_seq_id sequence)
{
    if (m_table.dropBeyond(sequence))
        return;
    const TokenIds &tokens = m_table.tokens(sequence);
    const Checkpoint *best = m_store.longest(tokens, tokens.size(), m_table.adapters(sequence));
    m_table.goBack(sequence, best == nullptr ? 0 : best->tokens.size(),
                   [&](llama_seq_id which) { return best != nullptr && putBack(best->state, which); });
}

} // namespace tramontane::engine
