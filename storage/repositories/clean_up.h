// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tramontane {

/// What is to be done after rows were erased, so that nothing of them is left in the file: the indexes are written anew,
/// the unused space of every page is cleared, the write-ahead log is emptied. In steps of bounded time and disk space, each
/// committed by itself. The database thread; outside of transactions.
class ErasureCleanUp {
public:
    /// True: there is more to do. Errors: as sqliteError(); what was done stays done, and the rest is left.
    [[nodiscard]] Result<bool> step(sqlite::Connection &connection);

private:
    [[nodiscard]] Status compactNext(sqlite::Connection &connection);
    [[nodiscard]] Status clearNext(sqlite::Connection &connection);

    std::optional<std::vector<std::string>> m_indexes; // still to be written anew; nothing: not looked at yet
    bool m_begun = false;                              // the last of them
    std::uint32_t m_page = 1;                          // to be cleared next; 0: none
};

/// All of it at once, where nobody waits for the database: after a restore.
[[nodiscard]] Status cleanUpAtOnce(sqlite::Connection &connection);

} // namespace tramontane
