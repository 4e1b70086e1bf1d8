// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"

#include <cstdint>
#include <map>
#include <string>

namespace tramontane::audit {

/// Collects what verification finds out. Not shared between threads.
class Findings {
public:
    /// Something about record `seq` does not hold. The lowest number of all calls becomes `firstBroken`; beyond
    /// kMaxSentences only the count grows.
    void broken(std::uint64_t seq, std::string sentence);
    [[nodiscard]] bool anyBroken() const noexcept { return m_count > 0; }

    void attemptOpened(const std::string &corr, std::uint64_t seq);
    void attemptClosed(const std::string &corr);

    /// Moves everything into `verification`, attempts in the order in which they were opened.
    void writeTo(AuditVerification &verification);

    static constexpr int kMaxSentences = 50;

private:
    int m_count = 0;
    std::optional<std::uint64_t> m_first;
    std::vector<std::string> m_sentences;
    std::map<std::string, std::uint64_t> m_open;
};

} // namespace tramontane::audit
