// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <vector>

namespace tramontane::ui {

enum class CodeToken { Keyword, String, Number, Comment, Function };

struct CodeSpan {
    int from = 0;
    int length = 0;
    CodeToken token = CodeToken::Keyword;
};

/// Colours for code by a small scanner: strings, numbers, comments and the keywords of a family of languages, and names
/// before a bracket as functions. An unknown language gets strings and numbers only. One pass, never fails; the spans
/// are in order and do not overlap. Any thread.
[[nodiscard]] std::vector<CodeSpan> highlightCode(const QString &code, const QString &language);

} // namespace tramontane::ui
