// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/schedule/checkpoint_store.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Checkpoints as they stand behind the saved memory of a conversation: each is its number of tokens (8 bytes), the size
// of its state (8 bytes), both little endian, and the state. Its tokens are the first ones of the conversation's.
namespace tramontane::engine {

/// Of the longest, so many are saved: the last question, its end, and a place in a long answer.
inline constexpr std::size_t kSavedCheckpoints = 3;

[[nodiscard]] std::string saveCheckpoints(const CheckpointStore &store, std::span<const llama_token> tokens,
                                          const AdapterSet &adapters = {});

/// Nothing: `bytes` are not of this form, or do not fit the tokens.
[[nodiscard]] std::optional<std::vector<Checkpoint>>
readCheckpoints(std::string_view bytes, std::span<const llama_token> tokens, const std::string &owner);

} // namespace tramontane::engine
