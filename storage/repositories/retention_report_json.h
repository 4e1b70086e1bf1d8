// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/retention.h"

#include <string>
#include <string_view>

namespace tramontane {

/// A report as it is stored in vault.db (resources/formats/vault.md): ids, counts and names of errors. Any thread.
[[nodiscard]] std::string retentionReportText(const RetentionReport &report);
/// Errors: VaultDamaged.
[[nodiscard]] Result<RetentionReport> readRetentionReport(std::string_view text);

} // namespace tramontane
