// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ggml.h>

#include <optional>
#include <string_view>

namespace tramontane::engine {

/// The kinds of numbers that the KV cache can hold, by the names that llama.cpp uses: "f32", "f16", "bf16", "q8_0",
/// "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl". Nothing for any other name. Any thread.
[[nodiscard]] std::optional<ggml_type> cacheType(std::string_view name) noexcept;

} // namespace tramontane::engine
