// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/adapter_set.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <vector>

namespace tramontane::engine {

/// What a model remembered when it had read these tokens and no more. It serves every prompt that begins with them and is
/// answered with the same adapters.
struct Checkpoint {
    TokenIds tokens;
    std::string state; // bytes of llama_state_seq_get_data_ext
    std::string owner; // the conversation that made it; empty: nobody's
    std::uint64_t lastUse = 0;
    AdapterSet adapters{}; // that it was computed with
};

/// Keeps a bounded number of checkpoints. Of those that lie on one conversation's way, the ones that save least leave
/// first; of all, the least recently used ones. One thread at a time.
class CheckpointStore {
public:
    struct Limits {
        std::size_t count = 32;
        std::size_t onOneWay = 8; // of which each begins like the next
        std::size_t bytes = std::size_t{512} << 20;
    };

    explicit CheckpointStore(Limits limits) : m_limits(limits) {}

    /// One with the same tokens is replaced. What is larger than all may be together is not kept.
    void add(Checkpoint checkpoint);
    /// The longest with which `prompt` begins, of at most `most` tokens; it and those on the way to it count as used.
    /// Null: there is none. Valid until the store changes.
    [[nodiscard]] const Checkpoint *longest(std::span<const llama_token> prompt, std::size_t most,
                                            const AdapterSet &adapters = {});
    /// Those with which these tokens begin, shorter ones first. Valid until the store changes.
    [[nodiscard]] std::vector<const Checkpoint *> onTheWay(std::span<const llama_token> tokens,
                                                           const AdapterSet &adapters = {}) const;
    /// Whether there is one of just these tokens.
    [[nodiscard]] bool has(std::span<const llama_token> tokens, const AdapterSet &adapters = {}) const noexcept;
    /// Forgets all that this conversation made, also what others begin with.
    void forget(const std::string &owner);

    [[nodiscard]] std::size_t count() const noexcept { return m_all.size(); }
    /// States and tokens.
    [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes; }

private:
    using All = std::list<Checkpoint>;

    void drop(All::iterator which);
    void thinOut(const Checkpoint &end);
    void dropOldest();

    Limits m_limits;
    All m_all; // shorter ones first
    std::size_t m_bytes = 0;
    std::uint64_t m_uses = 0;
};

} // namespace tramontane::engine
