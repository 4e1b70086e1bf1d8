// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

namespace tramontane::power {

/// A library of the system that is opened at run time, where it is there. Any thread.
class DynamicLibrary {
public:
    /// `path`: absolute, so that nothing is looked for in other places. Not open: see problem().
    explicit DynamicLibrary(const std::string &path);

    [[nodiscard]] bool isOpen() const { return m_handle != nullptr; }
    /// What the system said; empty when it is open.
    [[nodiscard]] const std::string &problem() const { return m_problem; }
    /// Null for a name that it does not have.
    [[nodiscard]] void *symbol(const char *name) const;

private:
    std::shared_ptr<void> m_handle; // closed with the last copy
    std::string m_problem;
};

} // namespace tramontane::power
