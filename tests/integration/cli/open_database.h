// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <memory>
#include <string>

namespace tramontane::test {

/// A database of a vault that nobody has open, by its passphrase. Errors: those of reading its files and opening it.
[[nodiscard]] Result<std::unique_ptr<sqlite::Connection>>
openDatabase(const std::string &directory, const std::string &passphraseFile, const std::string &database);

} // namespace tramontane::test
