// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/session_watch.h"

#include <memory>

namespace tramontane {

/// The session of the person who started this program: systemd-logind on Linux, terminal services and power broadcasts on
/// Windows. Needs the event loop of the thread that calls; asks the system in the background. Never null: where the
/// system cannot be asked, nothing is signalled.
[[nodiscard]] std::unique_ptr<SessionWatch> watchDesktopSession();

} // namespace tramontane
