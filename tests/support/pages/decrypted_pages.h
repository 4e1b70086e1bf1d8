// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tramontane::test {

/// Every page of an SQLCipher 4 database file under its raw key, and of the write-ahead log beside it, decrypted
/// (AES-256-CBC, the IV in the 80 reserved bytes at the end of each page; https://www.zetetic.net/sqlcipher/design/).
/// Aborts when a page is not whole: a test that reads nothing must not pass.
[[nodiscard]] std::vector<std::string> decryptedPages(const std::filesystem::path &database, const Key32 &key);

/// The numbers of the pages (from 1; those of the log follow) in which one of the texts stands: as UTF-8 or UTF-16, in
/// upper or lower case of ASCII.
[[nodiscard]] std::vector<std::size_t> pagesWith(const std::vector<std::string> &pages,
                                                 const std::vector<std::string> &texts);

} // namespace tramontane::test
