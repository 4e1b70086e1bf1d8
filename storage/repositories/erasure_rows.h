// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/erasure_repository.h"
#include "storage/sqlite/connection.h"

#include <vector>

// Erasing as rows, inside the caller's transaction. The database thread. Errors: as sqliteError().
namespace tramontane {

/// What the request touches, and whether it may be. Errors: as ErasureRepository::erase.
[[nodiscard]] Result<ErasureScope> checkErasure(sqlite::Connection &connection, const ErasureRequest &request);

/// Deletes it and writes the register. Call checkErasure() first, in the same transaction.
[[nodiscard]] Status eraseRows(sqlite::Connection &connection, const ErasureRequest &request);

/// The register, oldest first.
[[nodiscard]] Result<std::vector<ErasedRef>> readErasureRegister(sqlite::Connection &connection);

/// Applies a register to a database that was restored: what it names is deleted, whatever holds say there (the hold was
/// looked at when it was erased), and the register is taken over. Ids that are not there are only taken over. Also
/// in a database of an older schema. After it,
/// clearUnusedSpace() and the index are still to be done (ErasureRepository::cleanUp). How many conversations, messages
/// and attachments were there.
[[nodiscard]] Result<int> applyErasureRegister(sqlite::Connection &connection, const std::vector<ErasedRef> &refs);

} // namespace tramontane
