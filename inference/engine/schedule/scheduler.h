// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer.h"
#include "inference/engine/schedule/adapter_turns.h"
#include "inference/engine/schedule/batch_builder.h"
#include "inference/engine/schedule/checkpoints.h"
#include "inference/engine/schedule/guess_policy.h"
#include "inference/engine/schedule/sequence_table.h"
#include "inference/engine/schedule/step_budget.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace tramontane::engine {

/// Takes a frame for a request.
using Send = std::function<void(std::uint64_t id, protocol::Payload payload)>;
/// Takes bulk data for a request.
using SendBulk = std::function<void(std::uint64_t id, std::string bytes)>;

/// Answers several questions at a time with one model (continuous batching). It works in steps of one physical batch:
/// the next token of every answer, and as much of the prompts that are still to be read as fits into StepBudget; several
/// prompts share that equally. A cancelled answer ends before the next step; one that is alone on a CPU ends at once.
///
/// The context is shared: its tokens belong to whoever needs them, one conversation may fill all of it. When it is full,
/// beginnings that no answer uses are given up first; then the youngest answer is paused, and goes on, its tokens read
/// again, when there is room. Nobody fails because others are there.
///
/// Answers with different sets of LoRA adapters never share a step: the sets take turns (AdapterTurns), and what one of
/// them has in memory is of no use to another. Embeddings of an image and tokens cannot share a batch either: a step is
/// for a piece of one image or for the others, in turn.
///
/// A deterministic request waits until nobody else is being answered, and nobody starts before it has ended.
/// The thread that owns the context.
class Scheduler {
public:
    /// Begins with an empty memory. All must outlive the object.
    Scheduler(LoadedEngine &engine, RequestQueue &queue, Send send, SendBulk sendBulk);

    /// Answers requests until the process ends.
    [[noreturn]] void run();
    /// One step. False: there was nothing to do.
    bool step();
    /// What it keeps beside the context's memory.
    [[nodiscard]] const CheckpointStore &checkpoints() const noexcept { return m_checkpoints.store(); }

private:
    struct Slot {
        std::unique_ptr<Answer> answer;
        llama_seq_id sequence = -1; // none: paused, or not begun
        GuessPolicy policy;
    };
    using Slots = std::vector<Slot>;

    void admit();
    void answerBrief(const Request &request);
    [[nodiscard]] bool accepts(const Request &request) const;
    void sweepCancelled();
    void place();
    [[nodiscard]] bool hasRoomFor(const Slot &slot) const;
    [[nodiscard]] bool waitsForAnother(const Slot &slot) const;
    void takeTurn();
    [[nodiscard]] bool hasTurn(const Slot &slot) const;
    [[nodiscard]] bool fillImage();
    void fill();
    void addWriter(Slot &slot);
    [[nodiscard]] TokenIds guess(Slot &slot);
    [[nodiscard]] int promptBudget(std::size_t writers) const;
    [[nodiscard]] bool decode();
    void makeRoom();
    void harvest();
    void writeAll(Slot &slot, const Piece &piece);
    void failBatch(int code);
    [[nodiscard]] std::size_t computed(const Slot &slot) const;
    [[nodiscard]] std::size_t pending(const Slot &slot) const;
    [[nodiscard]] Slot *slotOf(llama_seq_id sequence);
    void close(Slot &slot, protocol::Payload result);
    void leave(Slot &slot);
    void dropClosed();

    LoadedEngine &m_engine;
    RequestQueue &m_queue;
    Send m_send;
    SendBulk m_sendBulk;
    SequenceTable m_table;
    Checkpoints m_checkpoints;
    BatchBuilder m_batch;
    StepBudget m_budget;
    AdapterTurns m_turns;
    AdapterSet m_adapters;       // of this step
    bool m_imageWasLast = false; // then those who write come first
    Slots m_slots;               // in the order in which they began
};

} // namespace tramontane::engine
