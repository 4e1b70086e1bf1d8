// SPDX-License-Identifier: Apache-2.0
#include "app/audit/tree_check.h"

#include <algorithm>

namespace tramontane::audit {
namespace {

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

} // namespace

void TreeCheck::claim(std::uint64_t size, const Hash32 &root, const std::string &source)
{
    m_claims.emplace(size, std::pair(root, source));
    if (size == 0)
        checkClaims();
}

Status TreeCheck::add(const StoredEntry &entry)
{
    if (!m_intact)
        return {};
    Hash32 leaf = leafHash(entry.body);
    if (entry.leaf.size() == leaf.size())
        std::copy(entry.leaf.begin(), entry.leaf.end(), leaf.begin());
    const auto completed = m_edge.append(leaf);
    m_batch.push_back({leaf, entry.headSignature});
    if (const Status status = checkNodes(completed); !status)
        return status;
    const bool claimed = m_claims.contains(m_edge.size());
    if (claimed || m_batch.size() == kBatch)
        closeBatch();
    if (claimed && m_intact)
        checkClaims();
    return {};
}

Status TreeCheck::checkNodes(const std::vector<TreeNode> &completed)
{
    for (const TreeNode &node : completed) {
        const Result<std::optional<std::string>> stored = m_reader.node(node.level, node.index);
        if (!stored)
            return stored.error();
        if (!stored.value() || !sameBytes(*stored.value(), node.hash)) {
            const std::uint64_t first = (node.index << node.level) + 1;
            m_nodeFindings.emplace_back(first, "The stored tree node above the records " + number(first) + " to "
                                                   + number(m_edge.size())
                                                   + (stored.value() ? " was changed." : " is missing."));
        }
    }
    return {};
}

bool TreeCheck::signedAs(const TreeEdge &edge, const std::string &signature) const
{
    Signature bytes;
    if (signature.size() != bytes.size())
        return false;
    std::copy(signature.begin(), signature.end(), bytes.begin());
    return verifySignature(m_identity.publicKey, checkpointText({m_identity.logId, edge.size(), edge.root()}), bytes);
}

void TreeCheck::closeBatch()
{
    if (m_batch.empty())
        return;
    if (!signedAs(m_edge, m_batch.back().headSignature))
        findFirstForged();
    else if (m_everySignature)
        checkInnerSignatures();
    for (auto &[seq, sentence] : m_nodeFindings) {
        if (m_intact)
            m_findings.broken(seq, std::move(sentence));
    }
    m_nodeFindings.clear();
    m_batch.clear();
    m_batchStart = m_edge;
}

void TreeCheck::findFirstForged()
{
    m_intact = false;
    m_edge = m_batchStart;
    for (const Pending &pending : m_batch) {
        TreeEdge next = m_edge;
        next.append(pending.leaf);
        if (!signedAs(next, pending.headSignature)) {
            m_findings.broken(
                next.size(),
                "Record " + number(next.size())
                    + " is not the record that this log wrote there: the signed head after it does not fit.");
            return;
        }
        m_edge = next;
    }
}

/// The batch ends in a head that was signed, so its records are genuine; a signature inside that does not fit was changed.
void TreeCheck::checkInnerSignatures()
{
    TreeEdge edge = m_batchStart;
    for (std::size_t i = 0; i + 1 < m_batch.size(); ++i) {
        edge.append(m_batch[i].leaf);
        if (!signedAs(edge, m_batch[i].headSignature))
            m_findings.broken(edge.size(), "The signature of the head after record " + number(edge.size())
                                               + " was changed; the record itself was not.");
    }
}

void TreeCheck::checkClaims()
{
    const std::uint64_t size = m_edge.size();
    const Hash32 root = m_edge.root();
    const auto [begin, end] = m_claims.equal_range(size);
    bool held = true;
    for (auto claim = begin; claim != end; ++claim) {
        const auto &[known, source] = claim->second;
        if (known == root)
            continue;
        held = false;
        const std::uint64_t first = std::min(m_lastHeld + 1, std::max<std::uint64_t>(size, 1));
        m_findings.broken(first, "The records " + number(first) + " to " + number(size)
                                     + " are not those whose head is known from the " + source + ".");
    }
    if (held)
        m_lastHeld = size;
}

Status TreeCheck::finish()
{
    closeBatch();
    if (!m_intact)
        return {};
    const Result<std::uint64_t> stored = m_reader.nodeCount();
    if (!stored)
        return stored.error();
    // Every expected node was compared above, so another count can only mean nodes of records that are not there.
    if (stored.value() > innerNodeCount(m_edge.size())) {
        m_findings.broken(m_edge.size() + 1, "There are tree nodes above records that are missing after record "
                                                 + number(m_edge.size()) + ".");
    }
    return {};
}

AuditHead TreeCheck::head() const
{
    return {m_edge.size(), toHex(m_edge.root())};
}

} // namespace tramontane::audit
