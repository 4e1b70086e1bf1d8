// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Searching in conversations: what is asked and what is found. Plain data, UTF-8, times in milliseconds since 1970 UTC.
namespace tramontane {

/// What to look for. `text`: words, "phrases", prefix* and "phrases whose last word is a pre"*; anything else is plain
/// text, and all of it must occur. Everything else narrows the search down; empty means no limit.
struct SearchQuery {
    std::string text;
    /// When it was said: from this moment on, before that one. A title counts at the conversation's last change.
    std::optional<std::int64_t> fromMs;
    std::optional<std::int64_t> untilMs;
    /// Answers of this model, the questions they answer, and titles above them: a part of its name in any case of ASCII
    /// letters, or at least 8 digits of its SHA-256 from the start.
    std::string model;
    /// Name (in any case of ASCII letters) or id. A folder takes along those inside.
    std::string folder;
    std::string label;
    int limit = 50; // hits on one page; less than 1 means 50
    int offset = 0; // hits to leave out
};

/// One place that was found, and a short piece of text around it (plain, hits between U+0002 and U+0003).
struct SearchHit {
    ConversationId conversation;
    MessageId message; // null: the title was found
    std::string title;
    std::string snippet;
    std::int64_t createdMs = 0; // of a title: when the conversation last changed
};

/// A page of hits, best first.
struct SearchPage {
    std::vector<SearchHit> hits;
    bool more = false; // there is a next page
    /// More matched than are ranked at once: only the newest of them were looked at. Dates or more words find the others.
    bool partial = false;
};

} // namespace tramontane
