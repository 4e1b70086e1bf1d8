// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/command.h"

#include <vector>

namespace tramontane::ctl {

/// What opens one of these slots, without a vault: what the command line gives, else the keychain's entry for this home if
/// there is such a slot and entry, else what is typed at the terminal. Errors: as VaultOpener::open.
[[nodiscard]] Async<SlotSecret> slotSecretFor(QObject *receiver, Context &context, const std::vector<SlotInfo> &slots);

} // namespace tramontane::ctl
