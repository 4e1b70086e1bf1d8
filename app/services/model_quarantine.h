// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

namespace tramontane {

// A file that turned out to be another one, damaged, or deadly for the worker is set aside: the catalogue keeps the
// reason, and nobody loads it before it has been looked at again (ModelService::verify) or imported again.

/// Whether an error of loading or reading a model is the file's fault, and not that of the machine or of the options.
[[nodiscard]] bool speaksAgainstTheFile(ErrorCode code) noexcept;

/// ModelQuarantined, with the model's file, the reason, and what to do.
[[nodiscard]] Error quarantined(const ModelRef &model);

/// The same error with the name of the file before it.
[[nodiscard]] Error aboutFile(const std::string &path, const Error &error);

} // namespace tramontane
