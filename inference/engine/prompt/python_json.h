// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace tramontane::engine {

/// JSON as Python's json.dumps(value, ensure_ascii=False) writes it: ", " between items and ": " after keys. Models whose
/// prompts were made with it know no other form. Any thread. `value` is bounded (json_bounds.h).
[[nodiscard]] std::string pythonJson(const nlohmann::ordered_json &value);

/// The value of a JSON text; a text that is no (bounded) JSON is a string.
[[nodiscard]] nlohmann::ordered_json jsonOrText(const std::string &text);

} // namespace tramontane::engine
