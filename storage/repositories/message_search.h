// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/search.h"
#include "storage/sqlite/connection.h"

namespace tramontane {

/// At most so many messages and so many titles are ranked for one query, the newest that match: what a word that
/// stands in every message costs then has a limit, too.
inline constexpr int kMostCandidates = 20'000;

/// Messages and titles that match, ranked as search_ranking.h says. Every value of the query is a bound parameter.
/// The database thread. Errors: NotFound (no such folder or label), as sqliteError().
[[nodiscard]] Result<SearchPage> searchConversations(sqlite::Connection &connection, const SearchQuery &query);

} // namespace tramontane
