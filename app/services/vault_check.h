// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/audit_service.h"
#include "app/services/missing_messages.h"

namespace tramontane {

/// What a check of a whole vault found.
struct VaultCheckResult {
    std::vector<VaultFinding> findings; // also what follows says, in one sentence each
    AuditVerification log;
    MissingMessages missing;

    [[nodiscard]] bool whole() const { return findings.empty(); }
};

/// Checks everything that lies in a vault against everything else: the files, the log against the heads that the vault
/// knows, the messages that the log names against the vault. Calls: the owning thread; takes as long as reading all of it.
class VaultCheck : public QObject {
    Q_OBJECT
public:
    VaultCheck(OpenVault &vault, AuditService &audit, QObject *parent = nullptr);

    /// The verification of the log is a record of it. Errors: those of VaultInspection::run, AuditService::verify and
    /// MissingMessagesSearch.
    [[nodiscard]] Async<VaultCheckResult> run();

private:
    [[nodiscard]] Async<VaultCheckResult> checkLog(std::vector<VaultFinding> findings);
    [[nodiscard]] Async<VaultCheckResult> checkMessages(VaultCheckResult result);

    OpenVault &m_vault;
    AuditService &m_audit;
    MissingMessagesSearch m_search;
};

} // namespace tramontane
