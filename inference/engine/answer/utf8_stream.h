// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane::engine {

/// Tokens are bytes and may end inside a character; frames hold complete characters only. This sits between them:
/// what goes out is always UTF-8 (RFC 3629), bytes that can never become a character go out as U+FFFD.
/// One thread at a time.
class Utf8Stream {
public:
    /// The text that is complete now.
    [[nodiscard]] std::string push(std::string_view bytes);
    /// What is left, at the end: nothing, or U+FFFD for a character that was never finished.
    [[nodiscard]] std::string finish();

private:
    std::string m_rest; // at most three bytes of an unfinished character
};

} // namespace tramontane::engine
