// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

#include <string>

// The sentences for what can be wrong with a model file. `detail` never holds a path or content. Any thread.
namespace tramontane::catalog {

[[nodiscard]] Error modelNotFound(std::string detail);
[[nodiscard]] Error notGguf(std::string detail);
[[nodiscard]] Error modelDamaged(std::string detail); // ModelNotGguf: begins like a model, but is none
[[nodiscard]] Error modelTruncated(std::string detail);
[[nodiscard]] Error modelUnsupported(std::string detail);
[[nodiscard]] Error modelChanged(std::string detail);
[[nodiscard]] Error modelLoadFailed(std::string detail);

} // namespace tramontane::catalog
