// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "storage/sqlite/connection.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>

// What a database says, however its pages lie in the file.
namespace tramontane::sqlite {

/// SHA-256 over the schema, both version numbers and every row of every table in the order of its key. Equal for two
/// databases that answer every question alike. Reads all of it. The connection's thread. Errors: as sqliteError().
[[nodiscard]] Result<Hash32> contentHash(Connection &connection);

struct CheckedDatabase {
    std::int64_t schema = 0; // user_version
    Hash32 content{};
};

/// Opens the closed database at `path` for reading only and reads all of it: pages (each carries its own code of
/// authenticity), indexes, foreign keys, content. The file stays as it is. Errors: VaultDamaged (says which check),
/// NotFound, Cancelled (`stop`), IoFailed, StorageReadOnly (a WAL lies beside it).
[[nodiscard]] Result<CheckedDatabase> checkDatabase(const std::filesystem::path &path, const Key32 &key,
                                                    std::uint32_t applicationId, const std::stop_token &stop);

} // namespace tramontane::sqlite
