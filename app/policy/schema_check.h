// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy/positioned_json.h"

// The part of JSON Schema 2020-12 that the policy schema uses: type (object, array, string, integer, boolean), properties,
// required, additionalProperties, items, enum, pattern, maxLength, minimum, maximum, maxItems, uniqueItems; title,
// description, default, x-restrictive and names that begin with '$' say nothing about validity. Any thread.
namespace tramontane::policy {

/// Whether every keyword of `schema` is one of those above: a keyword that is not understood would check nothing.
/// Errors: Internal; `detail` is the JSON pointer of the keyword.
[[nodiscard]] Status checkSchemaKeywords(const nlohmann::json &schema);

/// Checks `document` against `schema`. Errors: PolicyInvalid; `message` names the key and what it must be, `detail` the
/// line and the JSON pointer.
[[nodiscard]] Status checkAgainstSchema(const PositionedJson &document, const nlohmann::json &schema);

} // namespace tramontane::policy
