// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"

#include <QObject>

namespace tramontane {

/// Appends to the log and, once the record is durable, has the vault acknowledge the new head: without that, whoever puts
/// an older audit.db back takes the record away unseen. Call in `context`'s thread; when `context` dies before the record
/// is written, the record stays and the answer is Cancelled. Errors: those of AuditLog::append.
[[nodiscard]] Async<AuditHead> appendRecord(QObject *context, OpenVault &vault, AuditEvent event);

} // namespace tramontane
