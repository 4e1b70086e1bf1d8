// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tramontane::process {

/// The folder of the library or program that holds `code` (any function or object of it), UTF-8 and absolute; empty when
/// the system does not say. Modules are only ever loaded from beside the library that they belong to, never from the
/// working folder. Any thread.
[[nodiscard]] std::string folderOfCode(const void *code);

} // namespace tramontane::process
