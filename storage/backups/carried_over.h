// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

namespace tramontane::vault {

/// What stays the vault's own when its content is replaced by an older one: the erasure register, the heads of its log that
/// it has acknowledged, legal holds, rules and reports of retention, the list of backups, settings and the catalogue of
/// models. States of models are left behind: their files belong to the present content. `staged` may be of an older
/// schema; what it has no table for stays behind. Inside a transaction of `staged`; one thread. Errors: as sqliteError().
[[nodiscard]] Status carryOver(sqlite::Connection &present, sqlite::Connection &staged);

/// The same where there is no present vault: nothing here knows the log that goes on, and no state of a model lies here.
[[nodiscard]] Status startAnew(sqlite::Connection &staged);

} // namespace tramontane::vault
