// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/checkpoint.h"
#include "app/core/audit_event.h"
#include "app/core/secret.h"

#include <filesystem>
#include <string>

// The log in an audit.db that nobody continues: in a backup, or as the archive that a restored vault keeps of its old log.
// Off the GUI thread; the file stays as it is.
namespace tramontane::audit_store {

struct ArchivedLog {
    std::string logId;
    AuditHead head;
};

/// Errors: VaultDamaged (not a log, another key, a head that does not hold), VaultNewerSchema, NotFound, IoFailed.
[[nodiscard]] Result<ArchivedLog> readArchive(const std::filesystem::path &path, const Key32 &key,
                                              const audit::PublicKey &publicKey);
/// Every record, node and signature. Errors: as readArchive(), but for what is a finding.
[[nodiscard]] Result<AuditVerification> verifyArchive(const std::filesystem::path &path, const Key32 &key,
                                                      const audit::PublicKey &publicKey);

} // namespace tramontane::audit_store
