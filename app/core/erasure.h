// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tramontane {

enum class ErasedKind { Conversation, Message, Document, Attachment };
/// "conversation", "message", …: as in vault.db and in the log. Any thread.
[[nodiscard]] std::string_view erasedKindName(ErasedKind kind) noexcept;
[[nodiscard]] std::optional<ErasedKind> erasedKindFromName(std::string_view name) noexcept;

/// One line of the erasure register: ids and times, never text.
struct ErasedRef {
    Uuid ref;
    ErasedKind kind = ErasedKind::Conversation;
    std::int64_t erasedMs = 0;

    bool operator==(const ErasedRef &) const = default;
};

} // namespace tramontane
