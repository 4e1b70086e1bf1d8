// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <memory>
#include <string>

namespace tramontane::test {

/// The data key of "vault.db" or "audit.db" in a vault that nobody has open. Errors: those of reading its files.
[[nodiscard]] Result<Key32> databaseKey(const std::string &directory, const std::string &passphraseFile,
                                        const std::string &database);
/// That database, open. Errors also: those of opening it.
[[nodiscard]] Result<std::unique_ptr<sqlite::Connection>>
openDatabase(const std::string &directory, const std::string &passphraseFile, const std::string &database);

} // namespace tramontane::test
