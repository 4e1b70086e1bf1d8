// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane {

/// A title made from a question: its first line that holds anything, without Markdown heading marks, runs of blanks as
/// one, cut at a word after at most 60 characters (code points) and then ended by "…". Empty for a text of blanks only.
/// UTF-8 in and out; any thread.
[[nodiscard]] std::string titleFromQuestion(std::string_view question);

} // namespace tramontane
