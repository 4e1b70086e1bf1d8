// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

// The events that a record may name, generated at build time from resources/formats/audit-events.json. Any thread.
namespace tramontane::audit {

struct EventType {
    std::string_view name;  // "gen_ai.request.attempted"
    std::string_view group; // "inference"
    int ocsfClass = 0;      // class_uid of the Open Cybersecurity Schema Framework
    int severity = 1;       // the least severity of such a record
};

/// All of them, in the order of the file.
[[nodiscard]] std::span<const EventType> eventTypes() noexcept;

/// The entry with this name; null for an unknown one.
[[nodiscard]] const EventType *findEventType(std::string_view name) noexcept;

/// Whether records of this event open an attempt that a later record with the same `corr` must close.
[[nodiscard]] bool opensAttempt(std::string_view name) noexcept;

/// Whether records of this event close an attempt (completed, failed, cancelled, denied).
[[nodiscard]] bool closesAttempt(std::string_view name) noexcept;

} // namespace tramontane::audit
