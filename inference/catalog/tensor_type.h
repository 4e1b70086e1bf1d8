// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// How numbers are packed in a model file. Source: ggml_type and its block layouts (ggml.h, ggml-common.h) and
// llama_ftype (llama.h) of the pinned llama.cpp; tests/unit/inference/engine holds both tables against it. Any thread.
namespace tramontane::catalog {

/// A row of a tensor is cut into blocks of `elements` numbers, each of which takes `bytes`.
struct TensorType {
    std::uint32_t id = 0;  // as in the file
    std::string_view name; // "Q4_K"
    std::uint32_t elements = 0;
    std::uint32_t bytes = 0;
};

/// Nothing for a number that is no type, or no longer one.
[[nodiscard]] std::optional<TensorType> tensorType(std::uint32_t id) noexcept;

/// "Q4_K_M" for a general.file_type; empty for an unknown one.
[[nodiscard]] std::string_view fileTypeName(std::uint64_t fileType) noexcept;

} // namespace tramontane::catalog
