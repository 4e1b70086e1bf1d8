// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/adapter_set.h"

#include <vector>

namespace tramontane::engine {

/// Whose turn it is, where answers with different sets of adapters run at a time: a context computes with one set only,
/// so that each step serves one of them. The sets take turns in the order in which they came; a turn lasts some steps,
/// because a change makes llama.cpp lay out its work buffers anew. One thread at a time.
class AdapterTurns {
public:
    /// Steps of a turn while others wait.
    static constexpr int kSteps = 4;

    /// The set of the next step: one of `sets`, those of the answers that can be worked on (not empty, in any order, the
    /// same one any number of times).
    [[nodiscard]] const AdapterSet &next(const std::vector<const AdapterSet *> &sets);

private:
    std::vector<AdapterSet> m_line; // the first has the turn
    int m_steps = 0;                // that it had so far
};

} // namespace tramontane::engine
