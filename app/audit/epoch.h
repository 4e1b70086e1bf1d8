// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <string>
#include <string_view>

// Epochs of a log: each opening that writes begins one with a MAC key of its own, made from the key before by a one-way
// step, after which the old key is overwritten. Whoever takes today's key cannot make the MACs of earlier epochs
// (Schneier and Kelsey, "Secure Audit Logs to Support Computer Forensics", 1999). Any thread; nothing fails.
namespace tramontane::audit {

[[nodiscard]] Key32 nextEpochKey(const Key32 &key);

/// What `audit_epoch.mac_commit` holds: 32 bytes that bind the epoch to its key without giving it away.
[[nodiscard]] std::string epochCommitment(const Key32 &key);

/// "hmac-sha256:<64 hex>" of a checkpoint's note.
[[nodiscard]] std::string epochMac(const Key32 &key, std::string_view note);

} // namespace tramontane::audit
