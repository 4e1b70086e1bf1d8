// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane::engine {

/// The form of ids that every model takes, because Mistral's take no other: 9 characters of a-z A-Z 0-9. Any thread.
[[nodiscard]] bool isCallId(std::string_view id) noexcept;

/// Such an id, the same for the same `seed`.
[[nodiscard]] std::string callIdFrom(std::string_view seed);

} // namespace tramontane::engine
