// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/secret.h"

#include <string>

// Secrets that a person asked for in a file: a recovery code, an organisation's key. Paths are UTF-8.
namespace tramontane::ctl {

/// A new file that only its owner can read, never in the place of another. Errors: those of files::createFile.
[[nodiscard]] Status writeSecretFile(const std::string &path, const SecretBytes &text);

/// Takes back what writeSecretFile() has made. Never fails.
void removeSecretFile(const std::string &path);

} // namespace tramontane::ctl
