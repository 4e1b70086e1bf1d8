// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/adapter.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// The messages about what a model remembers of a conversation; the others, and the rules for all: messages.h.
namespace tramontane::protocol {

inline constexpr std::size_t kMaxKeyBytes = 64;
/// The most that the state of one conversation may have.
inline constexpr std::uint64_t kMaxStateBytes = std::uint64_t{16} << 30;

/// Client. State and then Bulk frames, or Failure (NotFound: it is no longer in memory, or was computed with other
/// adapters).
struct SaveState {
    std::string conversation;
    std::vector<AdapterScale> adapters{};
};

/// What the model remembers of a conversation: these tokens, and `bytes` of numbers that only the same model with the
/// same options in the same build can read. They follow as bulk data.
struct State {
    std::vector<std::int32_t> tokens;
    std::uint64_t bytes = 0;
};

/// Client, followed by Bulk frames. Restored or Failure.
struct RestoreState {
    std::string conversation;
    State state;
    std::vector<AdapterScale> adapters{}; // that it was computed with
};

struct Restored {
    int tokens = 0;
};

/// Client. Restored with the number of tokens that are in memory of this conversation, computed with these adapters, 0:
/// none. Nothing changes.
struct FindState {
    std::string conversation;
    std::vector<AdapterScale> adapters{};
};

/// Client. The memory of this conversation is emptied: Restored with the number of tokens that were there.
struct ForgetState {
    std::string conversation;
};

} // namespace tramontane::protocol
