// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/faults/vault_content.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace tramontane::test {

/// What a vault has promised, and when: after a success was reported, it must be there whatever happens. Each promise has
/// a subject; a later one about the same subject takes its place.
class Ledger {
public:
    static constexpr std::size_t kEnd = std::numeric_limits<std::size_t>::max();

    /// Before a call that will change a subject: until it is acknowledged, either state may be found.
    void begin(const std::string &subject);
    /// The same for every subject whose name holds `text`, as that of a conversation.
    void beginAll(const std::string &text);
    /// After beginAll(): everything is as it was promised before.
    void resumeAll(const std::string &text);
    /// After its success. `holds` says whether it is so.
    void promise(const std::string &subject, std::function<bool(const VaultContent &)> holds);
    /// After its failure: which of the two it is will show.
    void refused(const std::string &subject, const Error &error);

    /// The subjects whose last promise before `position` (of fault_disk) does not hold.
    [[nodiscard]] std::vector<std::string> broken(const VaultContent &content, std::size_t position = kEnd) const;
    [[nodiscard]] std::size_t promises() const;
    /// Of the promise with this number.
    [[nodiscard]] const std::string &subject(std::size_t promise) const;
    [[nodiscard]] const std::vector<Error> &refusals() const { return m_refusals; }

private:
    [[nodiscard]] std::vector<std::string> subjectsWith(const std::string &text) const;

    struct Entry {
        std::size_t position = 0;
        std::string subject;
        std::function<bool(const VaultContent &)> holds; // nothing: open
    };
    std::vector<Entry> m_entries;
    std::vector<std::size_t> m_promises; // which of the entries
    std::vector<Error> m_refusals;
};

} // namespace tramontane::test
