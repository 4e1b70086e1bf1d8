// SPDX-License-Identifier: Apache-2.0
#include "app/audit/findings.h"

#include <algorithm>
#include <utility>

namespace tramontane::audit {

void Findings::broken(std::uint64_t seq, std::string sentence)
{
    ++m_count;
    m_first = std::min(m_first.value_or(seq), seq);
    if (m_count <= kMaxSentences)
        m_sentences.push_back(std::move(sentence));
}

void Findings::attemptOpened(const std::string &corr, std::uint64_t seq)
{
    m_open.emplace(corr, seq);
}

void Findings::attemptClosed(const std::string &corr)
{
    m_open.erase(corr);
}

void Findings::writeTo(AuditVerification &verification)
{
    verification.firstBroken = m_first;
    verification.broken = std::move(m_sentences);
    if (m_count > kMaxSentences)
        verification.broken.push_back("And " + std::to_string(m_count - kMaxSentences) + " more.");
    std::vector<std::pair<std::uint64_t, std::string>> ordered;
    for (const auto &[corr, seq] : m_open)
        ordered.emplace_back(seq, corr);
    std::sort(ordered.begin(), ordered.end());
    for (auto &[seq, corr] : ordered)
        verification.openAttempts.push_back(std::move(corr));
}

} // namespace tramontane::audit
