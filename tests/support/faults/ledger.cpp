// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/ledger.h"

#include "tests/support/faults/fault_disk.h"

#include <set>
#include <utility>

namespace tramontane::test {

void Ledger::begin(const std::string &subject)
{
    m_entries.push_back({fault_disk::position(), subject, nullptr});
}

std::vector<std::string> Ledger::subjectsWith(const std::string &text) const
{
    std::set<std::string> found;
    for (const Entry &entry : m_entries)
        if (entry.subject.find(text) != std::string::npos)
            found.insert(entry.subject);
    return {found.begin(), found.end()};
}

void Ledger::beginAll(const std::string &text)
{
    for (const std::string &subject : subjectsWith(text))
        begin(subject);
}

void Ledger::resumeAll(const std::string &text)
{
    for (const std::string &subject : subjectsWith(text)) {
        // The one before the opening by beginAll(), if that was a promise.
        const Entry *before = nullptr;
        const Entry *last = nullptr;
        for (const Entry &entry : m_entries) {
            if (entry.subject == subject)
                before = std::exchange(last, &entry);
        }
        if (last && !last->holds && before && before->holds)
            promise(subject, std::function(before->holds));
    }
}

void Ledger::promise(const std::string &subject, std::function<bool(const VaultContent &)> holds)
{
    m_promises.push_back(m_entries.size());
    m_entries.push_back({fault_disk::position(), subject, std::move(holds)});
}

void Ledger::refused(const std::string &subject, const Error &error)
{
    m_refusals.push_back(error);
    m_refusals.back().detail = subject + ": " + error.detail;
}

std::vector<std::string> Ledger::broken(const VaultContent &content, std::size_t position) const
{
    std::map<std::string, const Entry *> last;
    for (const Entry &entry : m_entries) {
        // An open one counts from the call on, a promise from the moment in which it was given.
        if (entry.position <= position)
            last[entry.subject] = &entry;
    }
    std::vector<std::string> broken;
    for (const auto &[subject, entry] : last) {
        if (entry->holds && !entry->holds(content))
            broken.push_back(subject);
    }
    return broken;
}

std::size_t Ledger::promises() const
{
    return m_promises.size();
}

const std::string &Ledger::subject(std::size_t promise) const
{
    return m_entries[m_promises[promise]].subject;
}

} // namespace tramontane::test
