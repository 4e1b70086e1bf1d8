// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <QStringList>

#include <string>

namespace tramontane::ctl {

/// The files beside a model that are called like projectors (mmproj-*.gguf), by name. Nothing is opened.
[[nodiscard]] QStringList projectorsBeside(const std::string &modelPath);

/// The projector that was named, as inModelFolders() finds it, else the only one beside the model.
/// Errors: ModelNotFound: none was named and none lies there, or several do; the message says what to do.
[[nodiscard]] Result<std::string> projectorFor(const std::string &named, const std::string &modelPath,
                                               const QStringList &folders);

} // namespace tramontane::ctl
