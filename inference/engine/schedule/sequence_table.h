// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/adapter_set.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <llama.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tramontane::engine {

/// How much of a sequence can be kept when another conversation begins like it.
enum class PrefixReuse {
    Any,   // a beginning of any length
    Whole, // only all of it (recurrent models: their memory of the past is one state, which cannot be cut), or as much
           // as a checkpoint of that state has (checkpoints.h)
};

[[nodiscard]] PrefixReuse prefixReuse(const llama_model *model) noexcept;

/// Which tokens lie where in the memory of a context, so that a prompt that begins like one that was read before is not
/// read again. All sequences share the cells of one unified KV cache: a beginning that is copied costs no memory and no
/// time. Sequences that no answer uses keep their tokens until the room or the sequence is needed; the least recently
/// used one goes first. The thread that owns the context.
class SequenceTable {
public:
    /// `memory` must outlive the table; `sequences`: as many as it has; `window`: of a sliding-window model, else 0.
    SequenceTable(llama_memory_t memory, std::size_t sequences, PrefixReuse reuse, int window);

    struct Place {
        llama_seq_id sequence = -1;
        std::size_t kept = 0; // tokens of the prompt that need not be computed
        bool shared = false;  // their cells belong to another sequence, too
    };
    /// A sequence of one's own for a prompt (not empty), with the longest beginning that any sequence has. The last
    /// token is never kept: its logits are needed. At most all but one of the sequences may be in use. What was computed
    /// with other adapters is never kept.
    [[nodiscard]] Place place(const TokenIds &prompt, const AdapterSet &adapters = {});
    /// The same with nothing kept.
    [[nodiscard]] Place placeFresh(const AdapterSet &adapters = {});
    /// How many tokens place() would keep.
    [[nodiscard]] std::size_t wouldKeep(const TokenIds &prompt, const AdapterSet &adapters = {}) const;

    /// Puts into a sequence's memory what cannot be cut, as it was at some token. False: it could not.
    using PutBack = std::function<bool(llama_seq_id)>;
    /// How many tokens of the prompt, without its last, some sequence has, whether or not its memory can be cut there.
    [[nodiscard]] std::size_t holdsOf(const TokenIds &prompt, const AdapterSet &adapters = {}) const;
    /// A sequence of one's own with the first `size` tokens of the prompt: `putBack` brings the state of that token, the
    /// rest of the memory comes from the sequence that begins alike, where one does. -1: it could not; nothing is placed.
    [[nodiscard]] Place placeAt(const TokenIds &prompt, std::size_t size, const PutBack &putBack,
                                const AdapterSet &adapters = {});
    /// Removes from the memory what lies behind the sequence's tokens. False: this memory cannot be cut.
    [[nodiscard]] bool dropBeyond(llama_seq_id sequence);
    /// Takes everything back from the `size`-th token on with `putBack`; without success, all of it. It stays in use.
    void goBack(llama_seq_id sequence, std::size_t size, const PutBack &putBack);

    /// The memory of the sequence now also holds these.
    void append(llama_seq_id sequence, std::span<const llama_token> tokens);
    /// Takes back everything from the `size`-th token on. False: this memory cannot be cut; the sequence is then empty.
    [[nodiscard]] bool cut(llama_seq_id sequence, std::size_t size);
    /// No answer uses it any more; it keeps its tokens for whoever begins alike. It is now the newest of `owner` (empty:
    /// nobody's).
    void release(llama_seq_id sequence, const std::string &owner);
    /// What `owner` (empty: nothing happens) said so far is nobody's from now on: it has begun another answer.
    void disown(const std::string &owner);
    /// Its tokens can be had back from outside without computing them: it may leave early.
    void markSaved(llama_seq_id sequence) { at(sequence).saved = true; }
    /// The newest sequence of an owner that no answer uses; -1: there is none.
    [[nodiscard]] llama_seq_id ofOwner(const std::string &owner) const noexcept;
    /// Empties it and gives it back.
    void forget(llama_seq_id sequence);
    /// Empties the least recently used sequence that no answer uses. False: there is none.
    bool evict();
    /// Empties sequences that no answer uses, the least recently used first, until they hold at most `most` tokens: each
    /// step looks at all cells up to the last one in use, whosever they are. Those stay that somebody would miss: they
    /// have an owner and are not saved.
    void trimIdle(std::size_t most);
    /// Empties everything, also the buffers, so that the next computation starts as after loading. Only while no
    /// sequence is in use.
    void clear();

    [[nodiscard]] const TokenIds &tokens(llama_seq_id sequence) const { return at(sequence).tokens; }
    /// What its tokens were computed with.
    [[nodiscard]] const AdapterSet &adapters(llama_seq_id sequence) const { return at(sequence).adapters; }
    /// Of sequences in use, or of all; cells that two share count twice.
    [[nodiscard]] std::size_t tokensInUse() const noexcept;
    [[nodiscard]] std::size_t tokensHeld() const noexcept;

private:
    struct Sequence {
        TokenIds tokens;
        AdapterSet adapters;
        std::string owner;
        bool inUse = false;
        bool saved = false;
        std::uint64_t lastUse = 0;
    };
    struct Source {
        llama_seq_id sequence = -1;
        std::size_t kept = 0;
    };

    [[nodiscard]] Sequence &at(llama_seq_id sequence) { return m_sequences[static_cast<std::size_t>(sequence)]; }
    [[nodiscard]] const Sequence &at(llama_seq_id sequence) const
    {
        return m_sequences[static_cast<std::size_t>(sequence)];
    }
    [[nodiscard]] std::size_t usable(llama_seq_id sequence, const TokenIds &prompt) const;
    [[nodiscard]] Source bestSource(const TokenIds &prompt, const AdapterSet &adapters) const;
    [[nodiscard]] llama_seq_id oldestIdle(bool onlySpare) const noexcept;
    [[nodiscard]] Source likest(const TokenIds &prompt, const AdapterSet &adapters) const;
    [[nodiscard]] bool putBackAt(llama_seq_id sequence, std::size_t size, const PutBack &putBack);
    void empty(llama_seq_id sequence);
    [[nodiscard]] llama_seq_id freeSequence(llama_seq_id except);
    [[nodiscard]] Place take(llama_seq_id sequence, const AdapterSet &adapters);

    llama_memory_t m_memory;
    std::vector<Sequence> m_sequences;
    PrefixReuse m_reuse;
    std::size_t m_window; // 0: every token sees all before it
    std::uint64_t m_uses = 0;
};

} // namespace tramontane::engine
