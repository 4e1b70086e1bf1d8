// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"
#include "app/core/model.h"

#include <cstddef>
#include <string>
#include <string_view>

// What a worker says about a model comes from the model's file, and a worker may have been taken over by it. Texts for
// people are made harmless before they reach a window, a terminal or a log. Any thread.
namespace tramontane {

/// One line: control characters and marks that turn the direction of writing become blanks, and it is cut after at most
/// `maxBytes`, never inside a character. `text` is UTF-8.
[[nodiscard]] std::string plainLine(std::string_view text, std::size_t maxBytes = 256);

/// All texts as plainLine().
[[nodiscard]] ModelDescription madePlain(ModelDescription description);
[[nodiscard]] LoadedModel madePlain(LoadedModel model);
/// The message up to 500 bytes, the detail up to 2000.
[[nodiscard]] Error madePlain(const Error &error);

} // namespace tramontane
