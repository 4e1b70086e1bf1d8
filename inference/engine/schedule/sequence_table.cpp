// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/sequence_table.h"

#include "inference/engine/image/image_keys.h"

#include <algorithm>
#include <utility>

namespace tramontane::engine {

namespace {

// A sequence that ends so soon after the common beginning is the same conversation: the end of an answer is often
// cut into other tokens when it comes back as part of a prompt.
constexpr std::size_t kSameConversation = 16;

std::size_t commonBeginning(const TokenIds &a, const TokenIds &b)
{
    const auto size = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.begin() + size, b.begin()).first - a.begin());
}

} // namespace

PrefixReuse prefixReuse(const llama_model *model) noexcept
{
    return llama_model_is_recurrent(model) || llama_model_is_hybrid(model) ? PrefixReuse::Whole : PrefixReuse::Any;
}

SequenceTable::SequenceTable(llama_memory_t memory, std::size_t sequences, PrefixReuse reuse, int window)
    : m_memory(memory), m_sequences(sequences), m_reuse(reuse), m_window(static_cast<std::size_t>(std::max(window, 0)))
{
}

std::size_t SequenceTable::usable(llama_seq_id sequence, const TokenIds &prompt) const
{
    const TokenIds &tokens = at(sequence).tokens;
    std::size_t common = std::min(commonBeginning(tokens, prompt), prompt.size() - 1);
    // What looks like the beginning of an image is not enough to know it again.
    while (common > 0 && isImageCell(prompt[common]) && isImageCell(prompt[common - 1]))
        --common;
    if (common == 0 || m_reuse == PrefixReuse::Whole)
        return common < tokens.size() ? 0 : common;
    // What has left a sliding window cannot be had back, and the next token looks at a whole window.
    const auto first = std::max(llama_memory_seq_pos_min(m_memory, sequence), 0);
    const bool whole = first == 0 || (m_window > 0 && static_cast<std::size_t>(first) + m_window <= common);
    return whole ? common : 0;
}

SequenceTable::Source SequenceTable::bestSource(const TokenIds &prompt, const AdapterSet &adapters) const
{
    Source best;
    for (std::size_t i = 0; i < m_sequences.size(); ++i) {
        const auto sequence = static_cast<llama_seq_id>(i);
        if (at(sequence).adapters != adapters)
            continue;
        const std::size_t kept = usable(sequence, prompt);
        // Of two that are as good, the one that can be taken over.
        const bool asGood =
            kept > 0 && kept == best.kept && at(best.sequence).tokens.size() > at(sequence).tokens.size();
        if (kept > best.kept || asGood)
            best = {sequence, kept};
    }
    return best;
}

std::size_t SequenceTable::wouldKeep(const TokenIds &prompt, const AdapterSet &adapters) const
{
    return bestSource(prompt, adapters).kept;
}

llama_seq_id SequenceTable::freeSequence(llama_seq_id except)
{
    auto oldest = static_cast<llama_seq_id>(m_sequences.size());
    for (llama_seq_id i = 0; static_cast<std::size_t>(i) < m_sequences.size(); ++i) {
        if (at(i).inUse || i == except)
            continue;
        if (at(i).tokens.empty())
            return i;
        if (static_cast<std::size_t>(oldest) == m_sequences.size() || at(i).lastUse < at(oldest).lastUse)
            oldest = i;
    }
    if (static_cast<std::size_t>(oldest) == m_sequences.size())
        return -1;
    forget(oldest);
    return oldest;
}

SequenceTable::Place SequenceTable::take(llama_seq_id sequence, const AdapterSet &adapters)
{
    at(sequence).inUse = true;
    at(sequence).saved = false;
    at(sequence).adapters = adapters;
    at(sequence).lastUse = ++m_uses;
    return {sequence, at(sequence).tokens.size(), false};
}

SequenceTable::Place SequenceTable::place(const TokenIds &prompt, const AdapterSet &adapters)
{
    const Source source = bestSource(prompt, adapters);
    if (source.sequence < 0)
        return placeFresh(adapters);
    const bool same = at(source.sequence).tokens.size() <= source.kept + kSameConversation;
    llama_seq_id own = at(source.sequence).inUse || !same ? freeSequence(source.sequence) : -1;
    if (own < 0 && !at(source.sequence).inUse) {
        if (!cut(source.sequence, source.kept))
            return placeFresh(adapters);
        return take(source.sequence, adapters);
    }
    if (own < 0)
        return placeFresh(adapters);
    const auto end = static_cast<llama_pos>(source.kept);
    llama_memory_seq_cp(m_memory, source.sequence, own, 0, end);
    const TokenIds &from = at(source.sequence).tokens;
    at(own).tokens.assign(from.begin(), from.begin() + end);
    Place place = take(own, adapters); // the source may leave: what they share stays with its copy
    place.shared = true;
    return place;
}

SequenceTable::Place SequenceTable::placeFresh(const AdapterSet &adapters)
{
    return take(freeSequence(-1), adapters);
}

void SequenceTable::append(llama_seq_id sequence, std::span<const llama_token> tokens)
{
    at(sequence).tokens.insert(at(sequence).tokens.end(), tokens.begin(), tokens.end());
}

bool SequenceTable::cut(llama_seq_id sequence, std::size_t size)
{
    if (size >= at(sequence).tokens.size())
        return true;
    if (llama_memory_seq_rm(m_memory, sequence, static_cast<llama_pos>(size), -1)) {
        at(sequence).tokens.resize(size);
        return true;
    }
    empty(sequence);
    return false;
}

void SequenceTable::empty(llama_seq_id sequence)
{
    const bool inUse = at(sequence).inUse;
    const AdapterSet adapters = at(sequence).adapters;
    forget(sequence);
    at(sequence).inUse = inUse;
    at(sequence).adapters = adapters;
}

SequenceTable::Source SequenceTable::likest(const TokenIds &prompt, const AdapterSet &adapters) const
{
    Source best;
    for (std::size_t i = 0; i < m_sequences.size(); ++i) {
        if (m_sequences[i].adapters != adapters)
            continue;
        const std::size_t common = std::min(commonBeginning(m_sequences[i].tokens, prompt), prompt.size() - 1);
        if (common > best.kept)
            best = {static_cast<llama_seq_id>(i), common};
    }
    return best;
}

std::size_t SequenceTable::holdsOf(const TokenIds &prompt, const AdapterSet &adapters) const
{
    return likest(prompt, adapters).kept;
}

SequenceTable::Place SequenceTable::placeAt(const TokenIds &prompt, std::size_t size, const PutBack &putBack,
                                            const AdapterSet &adapters)
{
    const Source source = likest(prompt, adapters);
    const bool alike = source.sequence >= 0 && source.kept >= size;
    const bool idle = alike && !at(source.sequence).inUse;
    const bool same = idle && at(source.sequence).tokens.size() <= source.kept + kSameConversation;
    llama_seq_id own = same ? source.sequence : freeSequence(alike ? source.sequence : -1);
    if (own < 0 && idle)
        own = source.sequence;
    if (own < 0)
        return {};
    if (alike && own != source.sequence)
        llama_memory_seq_cp(m_memory, source.sequence, own, 0, static_cast<llama_pos>(size));
    if (!putBackAt(own, size, putBack)) {
        forget(own);
        return {};
    }
    at(own).tokens.assign(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(size));
    return take(own, adapters);
}

bool SequenceTable::putBackAt(llama_seq_id sequence, std::size_t size, const PutBack &putBack)
{
    const auto end = static_cast<llama_pos>(size);
    return size > 0 && putBack(sequence) && llama_memory_seq_rm(m_memory, sequence, end, -1)
           && llama_memory_seq_pos_max(m_memory, sequence) == end - 1;
}

bool SequenceTable::dropBeyond(llama_seq_id sequence)
{
    return llama_memory_seq_rm(m_memory, sequence, static_cast<llama_pos>(at(sequence).tokens.size()), -1);
}

void SequenceTable::goBack(llama_seq_id sequence, std::size_t size, const PutBack &putBack)
{
    if (putBackAt(sequence, size, putBack))
        at(sequence).tokens.resize(size);
    else
        empty(sequence);
}

void SequenceTable::disown(const std::string &owner)
{
    for (Sequence &other : m_sequences) {
        if (!owner.empty() && other.owner == owner)
            other.owner.clear();
    }
}

void SequenceTable::release(llama_seq_id sequence, const std::string &owner)
{
    disown(owner);
    at(sequence).owner = owner;
    at(sequence).inUse = false;
    at(sequence).lastUse = ++m_uses;
}

llama_seq_id SequenceTable::ofOwner(const std::string &owner) const noexcept
{
    const auto found = std::find_if(m_sequences.begin(), m_sequences.end(), [&](const Sequence &sequence) {
        return !owner.empty() && sequence.owner == owner && !sequence.inUse && !sequence.tokens.empty();
    });
    return found == m_sequences.end() ? -1 : static_cast<llama_seq_id>(found - m_sequences.begin());
}

void SequenceTable::forget(llama_seq_id sequence)
{
    llama_memory_seq_rm(m_memory, sequence, -1, -1);
    at(sequence) = {};
}

llama_seq_id SequenceTable::oldestIdle(bool onlySpare) const noexcept
{
    llama_seq_id oldest = -1;
    for (llama_seq_id i = 0; static_cast<std::size_t>(i) < m_sequences.size(); ++i) {
        const Sequence &sequence = at(i);
        const bool spare = sequence.owner.empty() || sequence.saved;
        if (sequence.inUse || sequence.tokens.empty() || (onlySpare && !spare))
            continue;
        if (oldest < 0 || sequence.lastUse < at(oldest).lastUse)
            oldest = i;
    }
    return oldest;
}

bool SequenceTable::evict()
{
    const llama_seq_id oldest = oldestIdle(false);
    if (oldest >= 0)
        forget(oldest);
    return oldest >= 0;
}

void SequenceTable::trimIdle(std::size_t most)
{
    while (tokensHeld() - tokensInUse() > most) {
        const llama_seq_id oldest = oldestIdle(true);
        if (oldest < 0)
            return;
        forget(oldest);
    }
}

void SequenceTable::clear()
{
    llama_memory_clear(m_memory, true);
    for (Sequence &sequence : m_sequences)
        sequence = {};
}

std::size_t SequenceTable::tokensInUse() const noexcept
{
    std::size_t count = 0;
    for (const Sequence &sequence : m_sequences)
        count += sequence.inUse ? sequence.tokens.size() : 0;
    return count;
}

std::size_t SequenceTable::tokensHeld() const noexcept
{
    std::size_t count = 0;
    for (const Sequence &sequence : m_sequences)
        count += sequence.tokens.size();
    return count;
}

} // namespace tramontane::engine
