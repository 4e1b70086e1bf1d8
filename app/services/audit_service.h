// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"

#include <QObject>

namespace tramontane {

/// Session records, listing and verification of the person's own log. Calls: the owning thread; nothing blocks.
class AuditService : public QObject {
    Q_OBJECT
public:
    AuditService(OpenVault &vault, PolicySource &policy, QObject *parent = nullptr);

    /// Writes `session.opened` (and `policy.loaded` or `policy.invalid`). Errors: AuditUnavailable; reading still works.
    [[nodiscard]] Async<void> openSession();
    /// Signs a checkpoint and writes `session.closed`.
    [[nodiscard]] Async<void> closeSession();
    [[nodiscard]] Async<std::vector<AuditRow>> list(AuditFilter filter);
    /// Verifies against the heads that vault.db acknowledged. The result is itself a record (`audit.verified`).
    [[nodiscard]] Async<AuditVerification> verify();
    [[nodiscard]] Async<std::string> checkpoint();

private:
    OpenVault &m_vault;
    PolicySource &m_policy;
};

} // namespace tramontane
