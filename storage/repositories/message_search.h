// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "storage/sqlite/connection.h"

#include <string>
#include <string_view>
#include <vector>

namespace tramontane {

/// What a person typed as an FTS5 expression: every word, "phrase" and prefix* is quoted, so that nothing in it can be
/// an operator; all of them must occur. Empty when there is nothing to look for. At most 32 terms count. Any thread.
/// Source: https://www.sqlite.org/fts5.html, section 3.
[[nodiscard]] std::string ftsExpression(std::string_view query);

/// The best hits first (BM25), `limit` at most (0 or less: 50). The database thread. Errors: as sqliteError().
[[nodiscard]] Result<std::vector<SearchHit>> searchMessages(sqlite::Connection &connection, std::string_view query,
                                                            int limit);

} // namespace tramontane
