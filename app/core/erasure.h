// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"

#include <cstdint>
#include <optional>
#include <string>
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

/// A backup that this vault knows of and that was made while the erased text was there.
struct BackupWithText {
    std::string id;   // UUID text
    std::string path; // where it was written, UTF-8; it may lie elsewhere by now
    std::int64_t createdMs = 0;
};

} // namespace tramontane
