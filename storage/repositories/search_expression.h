// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane {

/// What a person typed as an FTS5 expression: every word, "phrase", prefix* and "phrase pre"* is quoted, so that nothing
/// in it can be an operator; all of them must occur. Empty when there is nothing to look for. At most 32 terms count.
///
/// What counts as a word is decided by FTS5's tokenizer unicode61 with remove_diacritics=2: runs of letters, digits and
/// private-use characters of Unicode 6.1, in one case, Latin letters without their marks (é is e, ü is u; ß stays ß, ü is
/// not ue). So: words of languages that part them by spaces are found; the parts of a compound from its beginning only
/// (Donau* finds Donaudampfschiff); Korean words without their endings with a *. Chinese, Japanese and Thai text is one
/// word from one mark to the next, of which only the beginning is found. A trigram index would find every part, but
/// nothing shorter than three characters, which most Chinese words are, and it would be three times the size of the text.
/// Any thread. Source: https://www.sqlite.org/fts5.html, sections 3 and 4.3.1.
[[nodiscard]] std::string ftsExpression(std::string_view query);

} // namespace tramontane
