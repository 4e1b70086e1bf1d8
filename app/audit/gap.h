// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "app/core/result.h"

#include <span>
#include <string>
#include <vector>

// How a record `audit.gap` names what is lost (resources/formats/audit-log.md). Any thread.
namespace tramontane::audit {

/// "after_<record>", "missing_<count>" and the root of the newest known head.
[[nodiscard]] std::vector<std::string> gapFlags(const AuditGap &gap);

/// The gap that record `seq` names. Errors: AuditBroken when its flags name none that could be before it.
[[nodiscard]] Result<AuditGap> readGap(std::uint64_t seq, std::span<const std::string> flags);

} // namespace tramontane::audit
