// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/merkle_tree.h"

// Proofs of RFC 6962, sections 2.1.1 and 2.1.2, and their verification as in RFC 9162, sections 2.1.3.2 and 2.1.4.2.
// Any thread.
namespace tramontane::audit {

/// The root of the tree of the first `size` leaves. Errors: those of `source`.
[[nodiscard]] Result<Hash32> rootOfSize(std::uint64_t size, const NodeSource &source);

/// The audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards (at most 63 hashes).
/// Errors: InvalidArgument when index >= size; those of `source`.
[[nodiscard]] Result<std::vector<Hash32>> inclusionProof(std::uint64_t index, std::uint64_t size,
                                                         const NodeSource &source);

/// Why the tree of `newSize` leaves begins with the tree of `oldSize` leaves. Empty for equal sizes.
/// Errors: InvalidArgument when oldSize is 0 or above newSize; those of `source`.
[[nodiscard]] Result<std::vector<Hash32>> consistencyProof(std::uint64_t oldSize, std::uint64_t newSize,
                                                           const NodeSource &source);

/// Whether `proof` shows that `leaf` is leaf `index` of the tree with this size and root. Never fails.
[[nodiscard]] bool verifyInclusion(const Hash32 &leaf, std::uint64_t index, std::uint64_t size,
                                   const std::vector<Hash32> &proof, const Hash32 &root);

/// Whether `proof` shows that the new tree begins with the old one. Never fails; an old size of 0 is refused.
[[nodiscard]] bool verifyConsistency(std::uint64_t oldSize, const Hash32 &oldRoot, std::uint64_t newSize,
                                     const Hash32 &newRoot, const std::vector<Hash32> &proof);

} // namespace tramontane::audit
