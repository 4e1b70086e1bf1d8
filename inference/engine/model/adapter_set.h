// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace tramontane::engine {

/// An adapter of those that were loaded, and how strongly it works.
struct AdapterUse {
    std::size_t index = 0; // in LoadOptions::adapters
    float scale = 1;       // finite, not zero
    bool operator==(const AdapterUse &) const = default;
};

/// What an answer is computed with, by index; empty: the model as it is. Only equal sets may share a batch, and the
/// memory of a sequence is of use to equal sets only.
using AdapterSet = std::vector<AdapterUse>;

} // namespace tramontane::engine
