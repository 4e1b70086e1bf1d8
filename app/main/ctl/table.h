// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tramontane::ctl {

/// Lines of columns for people: a head, then the rows, each column as wide as its longest cell, two blanks between, no
/// blanks at the end of a line. Widths count characters, not bytes. A table without rows is empty text.
class Table {
public:
    explicit Table(std::vector<std::string> head);
    void add(std::vector<std::string> row);
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

/// "name   value" lines for one thing, in the given order; empty values are left out.
[[nodiscard]] std::string properties(const std::vector<std::pair<std::string, std::string>> &pairs);

/// "1.5 GiB".
[[nodiscard]] std::string fileSize(std::int64_t bytes);

/// "2026-11-22 09:14" in UTC, for lists.
[[nodiscard]] std::string shortTime(std::int64_t utcMs);

} // namespace tramontane::ctl
