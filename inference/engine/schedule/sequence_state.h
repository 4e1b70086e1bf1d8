// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/schedule/checkpoints.h"
#include "inference/engine/schedule/sequence_table.h"
#include "inference/protocol/messages.h"

#include <string>
#include <string_view>

// The memory of one conversation as bytes, so that it can be kept outside and come back instead of being computed again
// (llama_state_seq_get_data and _set_data). The thread that owns the context.
namespace tramontane::engine {

struct SavedState {
    protocol::State head;
    std::string bytes;
};

/// What lies in memory of this conversation, and its newest checkpoints behind it; it stays there until others need the
/// room (SequenceTable::trimIdle). Errors: NotFound (also: it was computed with other adapters), Internal.
[[nodiscard]] Result<SavedState> saveState(llama_context *context, SequenceTable &table, const Checkpoints &checkpoints,
                                           const std::string &conversation, const AdapterSet &adapters = {});

/// Puts it back under the name of its conversation; sequences that nobody uses leave where room is needed. The bytes
/// must come from saveState() with the same adapters of the same model, options and build: llama.cpp checks their form,
/// not their meaning.
/// Errors: InvalidArgument (tokens that the model does not have, bytes that do not fit them), ContextFull. After an
/// error nothing of it is in memory.
[[nodiscard]] Result<protocol::Restored> restoreState(llama_context *context, SequenceTable &table,
                                                      Checkpoints &checkpoints, const protocol::RestoreState &request,
                                                      std::string_view bytes, const AdapterSet &adapters = {});

/// How many tokens, computed with these adapters, it has in memory while no answer uses them. Never fails.
[[nodiscard]] protocol::Restored findState(const SequenceTable &table, const std::string &conversation,
                                           const AdapterSet &adapters = {});

/// Empties the memory of this conversation. Never fails.
[[nodiscard]] protocol::Restored forgetState(SequenceTable &table, const std::string &conversation);

} // namespace tramontane::engine
