// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace tramontane {

/// The last lines that a worker wrote to its error output, for `Error::detail`. Libraries print what they were working
/// on, also prompts and grammars, so only lines with a known technical beginning are kept; everything else is dropped
/// unseen. Bounded in lines and in length. One thread.
class StderrTail {
public:
    static constexpr std::size_t kLines = 12;
    static constexpr std::size_t kLineBytes = 200;

    /// Any piece of the stream; lines may be cut anywhere.
    void feed(std::string_view bytes);
    /// The kept lines, oldest first, joined by " | ". Printable ASCII only.
    [[nodiscard]] std::string text() const;

private:
    void endLine();

    std::string m_line; // at most kLineBytes of the line that is being received
    std::deque<std::string> m_lines;
};

} // namespace tramontane
