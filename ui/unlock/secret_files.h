// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/secret.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace tramontane::ui {

using SecretFiles = std::vector<std::shared_ptr<SecretBytes>>;

/// Reads small files that hold a secret, straight into locked memory, in the background. Errors: InvalidArgument (more
/// than two, or longer than 16 KiB: nothing that we have written), IoFailed (cannot be read).
[[nodiscard]] Async<SecretFiles> readSecretFiles(const QStringList &paths);

} // namespace tramontane::ui
