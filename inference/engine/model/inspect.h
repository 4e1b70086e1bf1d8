// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

#include <string>

namespace tramontane::engine {

/// `--inspect FILE`: describes a model file and proves that llama.cpp can make sense of it (names, shapes and vocabulary
/// are read, no weight is). `sha256` is of the whole file. Errors: ModelNotFound, ModelNotGguf, ModelTruncated,
/// ModelUnsupported, IoFailed, EngineUnavailable.
[[nodiscard]] Result<ModelDescription> inspectModel(const std::string &path);

/// One JSON object with the fields of ModelDescription.
[[nodiscard]] std::string descriptionJson(const ModelDescription &model);

/// {"error":{"code","message","detail"}}
[[nodiscard]] std::string errorJson(const Error &error);

} // namespace tramontane::engine
