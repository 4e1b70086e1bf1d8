// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/findings.h"
#include "app/audit/log_reader.h"
#include "app/audit/log_verification.h"

#include <map>
#include <utility>
#include <vector>

namespace tramontane::audit {

/// Builds the tree again from the leaves and holds it against the stored nodes, the signed heads and the heads that are
/// known elsewhere. The last signed head of each batch proves all its records; where it does not hold, the batch is gone
/// through again to find the first record that is not the one that was signed. That the other signatures of a batch are
/// still those that were made is a question of its own, and answered only where it is asked: Ed25519 is slow beside SHA-256.
class TreeCheck {
public:
    TreeCheck(LogReader &reader, const LogIdentity &identity, Findings &findings)
        : m_reader(reader), m_identity(identity), m_findings(findings)
    {
    }

    /// Whether each signed head is checked, or the last of each batch. Before the first add().
    void checkEverySignature(bool every) noexcept { m_everySignature = every; }
    /// The tree must have `root` when it has `size` leaves. Before the first add().
    void claim(std::uint64_t size, const Hash32 &root, const std::string &source);
    /// The next entry, without a gap; its leaf is taken as stored. Does nothing once the tree is known to be broken.
    /// Errors: those of the reader.
    [[nodiscard]] Status add(const StoredEntry &entry);
    /// After the last entry. Errors: those of the reader.
    [[nodiscard]] Status finish();
    /// From here on leaves and tree no longer belong together (a gap): later entries are not added.
    void giveUp() noexcept { m_intact = false; }

    /// The tree as far as it holds.
    [[nodiscard]] AuditHead head() const;

private:
    struct Pending {
        Hash32 leaf;
        std::string headSignature;
    };

    [[nodiscard]] Status checkNodes(const std::vector<TreeNode> &completed);
    void closeBatch();
    void findFirstForged();
    void checkInnerSignatures();
    [[nodiscard]] bool signedAs(const TreeEdge &edge, const std::string &signature) const;
    void checkClaims();

    static constexpr std::size_t kBatch = 64;

    LogReader &m_reader;
    const LogIdentity &m_identity;
    Findings &m_findings;
    bool m_intact = true;
    bool m_everySignature = true;
    TreeEdge m_edge;
    TreeEdge m_batchStart;
    std::vector<Pending> m_batch;
    std::vector<std::pair<std::uint64_t, std::string>> m_nodeFindings; // reported only when the leaves are genuine
    std::multimap<std::uint64_t, std::pair<Hash32, std::string>> m_claims;
    std::uint64_t m_lastHeld = 0; // size of the newest claim that agreed
};

} // namespace tramontane::audit
