// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <cstdint>
#include <string>
#include <vector>

// What a model remembers of a conversation (its part of the KV cache), on the way out of the model's memory and back.
namespace tramontane {

/// The largest piece that is handed over at once.
inline constexpr std::size_t kMaxStatePiece = std::size_t{256} * 1024;

/// Takes a state piece by piece. Calls: the provider's thread, one at a time.
class StateSink {
public:
    virtual ~StateSink() = default;
    /// First: the tokens that the model has read, and how many bytes of state will come. False: it is not wanted.
    [[nodiscard]] virtual bool begin(std::vector<std::int32_t> tokens, std::uint64_t bytes) = 0;
    /// At most kMaxStatePiece bytes. Ready when the next may come; false: no more is wanted.
    [[nodiscard]] virtual Async<bool> take(std::string piece) = 0;
};

/// Gives a state piece by piece. Calls: the provider's thread, one at a time.
class StateSource {
public:
    virtual ~StateSource() = default;
    /// The next bytes, 1 to kMaxStatePiece. Asked only as often as bytes are still to come. Any error: it is given up.
    [[nodiscard]] virtual Async<std::string> next() = 0;
};

} // namespace tramontane
