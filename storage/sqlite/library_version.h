// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tramontane::sqlite {

/// "SQLCipher 4.19.0 community, SQLite 3.53.0", asked from the library itself. Any thread; never fails.
[[nodiscard]] std::string libraryVersion();

} // namespace tramontane::sqlite
