// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <string>
#include <vector>

// Writing full-text indexes anew. FTS5's secure-delete takes a term out of its leaf page, but the b-tree above the leaves
// (table …_idx) goes on saying with which term a leaf began, and a single segment is never merged again. The database
// thread. Source: https://www.sqlite.org/fts5.html, sections 6.9 (merge) and 6.11 (secure-delete).
namespace tramontane {

/// The names of all full-text indexes.
[[nodiscard]] Result<std::vector<std::string>> fullTextIndexes(sqlite::Connection &connection);

/// Begins (`begin`) or goes on to merge all of an index into one new segment, a bounded piece of it, in one transaction of
/// its own. True: there is more to do. Errors: as sqliteError().
[[nodiscard]] Result<bool> compactIndex(sqlite::Connection &connection, const std::string &index, bool begin);

} // namespace tramontane
