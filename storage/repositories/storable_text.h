// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane {

/// The text as it may be stored, indexed and shown: well-formed UTF-8 without NUL. Ill-formed sequences become U+FFFD
/// as the Unicode Standard says (16.0, section 3.9, "maximal subparts"), NUL too (CommonMark 0.31, section 2.3), because
/// SQLite's own text functions end there. Well-formed text comes back unchanged. Any thread; never fails.
[[nodiscard]] std::string storableText(std::string_view text);

/// For the index: additionally, U+0002 and U+0003 become spaces, so that they can only be marks in a snippet.
[[nodiscard]] std::string indexableText(std::string_view text);

} // namespace tramontane
