// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

namespace tramontane::vault {

/// Adds the conversations and messages of `staged` that `present` does not have, with what belongs to them: blocks, index,
/// provenance, salts, attachments with their keys, folders, labels (by name), and holds of what is new. Both are of the
/// newest schema; what is erased is not in `staged` any more. Inside a transaction of `present`, in its thread. Errors: as
/// sqliteError().
[[nodiscard]] Status mergeContent(sqlite::Connection &staged, sqlite::Connection &present);

} // namespace tramontane::vault
