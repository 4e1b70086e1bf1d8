// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

#include <string>
#include <vector>

namespace tramontane {

/// Finds what a person means by `text`: an id, an exact name, or a beginning of a name or SHA-256 (at least 4 of its
/// digits) that fits one model only; case does not matter for names. Any thread.
/// Errors: ModelNotFound; the message lists what is there, or what the text could mean.
[[nodiscard]] Result<ModelRef> findModel(const std::vector<ModelRef> &models, const std::string &text);

/// ModelNotFound for an id that no entry has.
[[nodiscard]] Error notInCatalogue();

} // namespace tramontane
