// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tramontane {

/// What locked a vault.
enum class LockCause { Person, Idle, SessionLocked, Suspend };

/// As the log says it (flag of `session.locked`): "person", "idle", "session_locked", "suspend". Any thread.
[[nodiscard]] constexpr std::string_view lockCauseName(LockCause cause) noexcept
{
    switch (cause) {
    case LockCause::Person: return "person";
    case LockCause::Idle: return "idle";
    case LockCause::SessionLocked: return "session_locked";
    case LockCause::Suspend: return "suspend";
    }
    return "person";
}

} // namespace tramontane
