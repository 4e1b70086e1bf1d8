// SPDX-License-Identifier: Apache-2.0
#include "app/audit/merkle_proof.h"

#include <bit>

namespace tramontane::audit {
namespace {

Error outside(std::uint64_t asked, std::uint64_t size)
{
    return Error{ErrorCode::InvalidArgument, "There is no such record in the log.",
                 std::to_string(asked) + " of " + std::to_string(size)};
}

/// The largest power of two below `count`, for count > 1 ("k" of RFC 6962).
std::uint64_t splitOf(std::uint64_t count)
{
    return std::bit_floor(count - 1);
}

/// The root of the leaves [begin, begin + count). RFC 6962 only ever asks for ranges that begin at a multiple of
/// their size rounded up to a power of two, so that they fall into stored perfect subtrees.
Result<Hash32> rangeHash(std::uint64_t begin, std::uint64_t count, const NodeSource &source)
{
    if (std::has_single_bit(count)) {
        const int level = std::countr_zero(count);
        return source(level, begin >> level);
    }
    const std::uint64_t split = splitOf(count);
    const Result<Hash32> left = rangeHash(begin, split, source);
    if (!left)
        return left;
    const Result<Hash32> right = rangeHash(begin + split, count - split, source);
    if (!right)
        return right;
    return nodeHash(left.value(), right.value());
}

/// PATH(m, D[n]) of section 2.1.1, for the leaves [begin, begin + count).
Status appendPath(std::uint64_t index, std::uint64_t begin, std::uint64_t count, const NodeSource &source,
                  std::vector<Hash32> &path)
{
    if (count == 1)
        return {};
    const std::uint64_t split = splitOf(count);
    const bool inLeft = index < split;
    const Status below = inLeft ? appendPath(index, begin, split, source, path)
                                : appendPath(index - split, begin + split, count - split, source, path);
    if (!below)
        return below;
    const Result<Hash32> sibling =
        inLeft ? rangeHash(begin + split, count - split, source) : rangeHash(begin, split, source);
    if (!sibling)
        return sibling.error();
    path.push_back(sibling.value());
    return {};
}

/// SUBPROOF(m, D[n], b) of section 2.1.2, for the leaves [begin, begin + count); `whole` is b.
Status appendSubproof(std::uint64_t oldCount, std::uint64_t begin, std::uint64_t count, bool whole,
                      const NodeSource &source, std::vector<Hash32> &proof)
{
    if (oldCount == count) {
        if (whole)
            return {};
        const Result<Hash32> hash = rangeHash(begin, count, source);
        if (!hash)
            return hash.error();
        proof.push_back(hash.value());
        return {};
    }
    const std::uint64_t split = splitOf(count);
    const bool inLeft = oldCount <= split;
    const Status below = inLeft ? appendSubproof(oldCount, begin, split, whole, source, proof)
                                : appendSubproof(oldCount - split, begin + split, count - split, false, source, proof);
    if (!below)
        return below;
    const Result<Hash32> sibling =
        inLeft ? rangeHash(begin + split, count - split, source) : rangeHash(begin, split, source);
    if (!sibling)
        return sibling.error();
    proof.push_back(sibling.value());
    return {};
}

} // namespace

Result<Hash32> rootOfSize(std::uint64_t size, const NodeSource &source)
{
    return size == 0 ? Result<Hash32>(emptyRoot()) : rangeHash(0, size, source);
}

Result<std::vector<Hash32>> inclusionProof(std::uint64_t index, std::uint64_t size, const NodeSource &source)
{
    if (index >= size)
        return outside(index, size);
    std::vector<Hash32> path;
    if (const Status status = appendPath(index, 0, size, source, path); !status)
        return status.error();
    return path;
}

Result<std::vector<Hash32>> consistencyProof(std::uint64_t oldSize, std::uint64_t newSize, const NodeSource &source)
{
    if (oldSize == 0 || oldSize > newSize)
        return outside(oldSize, newSize);
    std::vector<Hash32> proof;
    if (const Status status = appendSubproof(oldSize, 0, newSize, true, source, proof); !status)
        return status.error();
    return proof;
}

bool verifyInclusion(const Hash32 &leaf, std::uint64_t index, std::uint64_t size, const std::vector<Hash32> &proof,
                     const Hash32 &root)
{
    if (index >= size)
        return false;
    std::uint64_t fn = index;
    std::uint64_t sn = size - 1;
    Hash32 hash = leaf;
    for (const Hash32 &sibling : proof) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            hash = nodeHash(sibling, hash);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            hash = nodeHash(hash, sibling);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash == root;
}

bool verifyConsistency(std::uint64_t oldSize, const Hash32 &oldRoot, std::uint64_t newSize, const Hash32 &newRoot,
                       const std::vector<Hash32> &proof)
{
    if (oldSize == 0 || oldSize > newSize)
        return false;
    if (oldSize == newSize)
        return proof.empty() && oldRoot == newRoot;
    if (proof.empty())
        return false;
    // A tree whose size is a power of two is a node of the larger one, so the proof leaves it out.
    const bool implied = std::has_single_bit(oldSize);
    std::uint64_t fn = oldSize - 1;
    std::uint64_t sn = newSize - 1;
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    Hash32 fr = implied ? oldRoot : proof.front();
    Hash32 sr = fr;
    for (std::size_t i = implied ? 0 : 1; i < proof.size(); ++i) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            fr = nodeHash(proof[i], fr);
            sr = nodeHash(proof[i], sr);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = nodeHash(sr, proof[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && fr == oldRoot && sr == newRoot;
}

} // namespace tramontane::audit
