// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

namespace tramontane::audit_store {

enum class Use { Read, Write };

/// The AuditUnavailable error that a person gets for `cause`, an error of the database: why the log cannot be used, and
/// what to do. InvalidArgument, VaultLocked, AuditBroken and AuditRecordsMissing stay what they are. Any thread; never fails.
[[nodiscard]] Error unavailable(const Error &cause, Use use);

} // namespace tramontane::audit_store
