// SPDX-License-Identifier: Apache-2.0
#include "app/audit/merkle_tree.h"

#include <sodium.h>

#include <algorithm>

namespace tramontane::audit {

Hash32 leafHash(std::string_view bytes)
{
    static constexpr std::uint8_t kPrefix = 0x00;
    crypto_hash_sha256_state state;
    Hash32 hash;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &kPrefix, 1);
    crypto_hash_sha256_update(&state, bytesOf(bytes).data(), bytes.size());
    crypto_hash_sha256_final(&state, hash.data());
    return hash;
}

Hash32 nodeHash(const Hash32 &left, const Hash32 &right)
{
    std::array<std::uint8_t, 65> input;
    input[0] = 0x01;
    std::copy(left.begin(), left.end(), input.begin() + 1);
    std::copy(right.begin(), right.end(), input.begin() + 33);
    Hash32 hash;
    crypto_hash_sha256(hash.data(), input.data(), input.size());
    return hash;
}

Hash32 emptyRoot()
{
    return sha256({});
}

std::uint64_t innerNodeCount(std::uint64_t size)
{
    std::uint64_t count = 0;
    for (std::uint64_t level = size >> 1; level > 0; level >>= 1)
        count += level;
    return count;
}

Result<TreeEdge> TreeEdge::load(std::uint64_t size, const NodeSource &source)
{
    TreeEdge edge;
    edge.m_size = size;
    for (int level = 63; level >= 0; --level) {
        if (((size >> level) & 1) == 0)
            continue;
        // The subtree of this bit begins where the larger ones end.
        const std::uint64_t index = (size >> level) - 1;
        Result<Hash32> hash = source(level, index);
        if (!hash)
            return hash.error();
        edge.m_subtrees.push_back(hash.value());
    }
    return edge;
}

std::vector<TreeNode> TreeEdge::append(const Hash32 &leaf)
{
    std::vector<TreeNode> completed;
    Hash32 hash = leaf;
    for (int level = 0; (m_size >> level) & 1; ++level) {
        hash = nodeHash(m_subtrees.back(), hash);
        m_subtrees.pop_back();
        completed.push_back({level + 1, m_size >> (level + 1), hash});
    }
    m_subtrees.push_back(hash);
    ++m_size;
    return completed;
}

Hash32 TreeEdge::root() const
{
    if (m_subtrees.empty())
        return emptyRoot();
    Hash32 hash = m_subtrees.back();
    for (auto left = m_subtrees.rbegin() + 1; left != m_subtrees.rend(); ++left)
        hash = nodeHash(*left, hash);
    return hash;
}

} // namespace tramontane::audit
