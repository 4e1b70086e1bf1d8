// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace tramontane::catalog {

/// What a model keeps of a conversation (resources/models/architectures.txt).
enum class MemoryKind { Attention, Recurrent, Hybrid, Diffusion, Projector };

/// Nothing for an architecture that this build does not know. Any thread.
[[nodiscard]] std::optional<MemoryKind> memoryKind(std::string_view architecture) noexcept;

} // namespace tramontane::catalog
