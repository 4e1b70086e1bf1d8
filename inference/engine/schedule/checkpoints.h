// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer.h"
#include "inference/engine/model/going_back.h"
#include "inference/engine/schedule/checkpoint_store.h"
#include "inference/engine/schedule/sequence_table.h"

#include <cstddef>
#include <string>
#include <utility>

namespace tramontane::engine {

/// Takes checkpoints while prompts are read and answers are written, and begins prompts from them, for models whose
/// memory cannot be cut; does nothing for others. They lie in the machine's own memory. Taken at the answer's return
/// points, before the last token of its prompt (another answer to the same question), and every kEvery tokens; none for
/// deterministic requests, whose batches they would cut, and for those that want nothing reused. The thread that owns
/// the context.
class Checkpoints {
public:
    /// Reading so many tokens again costs no more than a checkpoint.
    static constexpr std::size_t kLeast = 32;
    static constexpr std::size_t kEvery = 1024;

    /// Both must outlive the object.
    Checkpoints(llama_context *context, SequenceTable &table, CheckpointStore::Limits limits = {});

    /// SequenceTable::place(), or from a checkpoint where that keeps more.
    [[nodiscard]] SequenceTable::Place place(const TokenIds &prompt, const AdapterSet &adapters = {});
    /// Up to which token the prompt may be read before a checkpoint is due; `computed`: how far it is read.
    [[nodiscard]] std::size_t readUpTo(const Answer &answer, std::size_t computed) const;
    /// So much of the answer's tokens is in the memory of this sequence: takes a checkpoint if one is due.
    void reached(const Answer &answer, llama_seq_id sequence);
    /// A computation for this sequence was given up half done: brings its memory back to a token that is known, which
    /// may be its beginning. The sequence stays in use.
    void recover(llama_seq_id sequence);
    /// Forgets what this conversation made.
    void forget(const std::string &conversation) { m_store.forget(conversation); }

    /// Takes over what was taken of this model before; of another model it would be put back in vain.
    void add(Checkpoint checkpoint) { m_store.add(std::move(checkpoint)); }
    [[nodiscard]] const CheckpointStore &store() const noexcept { return m_store; }

private:
    [[nodiscard]] bool taken(const Answer &answer) const;
    [[nodiscard]] bool due(const Answer &answer, std::size_t at) const;
    [[nodiscard]] std::string part(llama_seq_id sequence) const;
    [[nodiscard]] bool putBack(const std::string &part, llama_seq_id sequence) const;
    [[nodiscard]] SequenceTable::Place withOwnWindow(SequenceTable::Place place);

    llama_context *m_context;
    SequenceTable &m_table;
    GoingBack m_goingBack;
    bool m_fewWindowCells; // layers with a sliding window have fewer cells than the context
    CheckpointStore m_store;
};

} // namespace tramontane::engine
