// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "app/core/result.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

// The Merkle tree of RFC 6962, section 2.1 (the same in RFC 9162), with SHA-256. Leaves are counted from 0, levels from
// the leaves (0) upwards. Any thread.
namespace tramontane::audit {

/// SHA-256(0x00 || bytes).
[[nodiscard]] Hash32 leafHash(std::string_view bytes);
/// SHA-256(0x01 || left || right).
[[nodiscard]] Hash32 nodeHash(const Hash32 &left, const Hash32 &right);
/// The root of a tree without leaves: SHA-256 of nothing.
[[nodiscard]] Hash32 emptyRoot();

/// A perfect subtree: it covers the leaves [index << level, (index + 1) << level).
struct TreeNode {
    int level = 0;
    std::uint64_t index = 0;
    Hash32 hash{};
    bool operator==(const TreeNode &) const = default;
};

/// Answers the hash of a perfect subtree; level 0 is a leaf. What it fails with is handed on.
using NodeSource = std::function<Result<Hash32>(int level, std::uint64_t index)>;

/// How many perfect subtrees of level 1 and above a tree of `size` leaves has.
[[nodiscard]] std::uint64_t innerNodeCount(std::uint64_t size);

/// The right edge of a growing tree: all that is needed to append and to know the root (at most 64 hashes).
class TreeEdge {
public:
    /// An empty tree.
    TreeEdge() = default;
    /// The edge of a tree of `size` leaves. Errors: those of `source`.
    [[nodiscard]] static Result<TreeEdge> load(std::uint64_t size, const NodeSource &source);

    /// Adds a leaf and answers the perfect subtrees of level 1 and above that it completed, lowest first.
    std::vector<TreeNode> append(const Hash32 &leaf);
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
    [[nodiscard]] Hash32 root() const;

private:
    std::uint64_t m_size = 0;
    std::vector<Hash32> m_subtrees; // one for each set bit of m_size, largest first
};

} // namespace tramontane::audit
