// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"

#include <QJsonObject>

#include <string>

// How commands show backups.
namespace tramontane::ctl {

/// id, vault, created, schema, version, bytes, slots.
[[nodiscard]] QJsonObject backupJson(const BackupInfo &info);
/// The same with conversations, messages, attachments, log, records, root.
[[nodiscard]] QJsonObject backupJson(const BackupContent &content);
[[nodiscard]] std::string backupText(const BackupContent &content);

/// The counts of what restoring does.
[[nodiscard]] QJsonObject effectJson(const RestoreEffect &effect);
/// In sentences; `done`: in the past tense.
[[nodiscard]] std::string effectText(const RestoreEffect &effect, bool done);

} // namespace tramontane::ctl
