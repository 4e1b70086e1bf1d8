// SPDX-License-Identifier: Apache-2.0
#include "app/services/vault_check.h"

#include "app/contracts/when_ready.h"

namespace tramontane {

VaultCheck::VaultCheck(OpenVault &vault, AuditService &audit, QObject *parent)
    : QObject(parent), m_vault(vault), m_audit(audit), m_search(vault)
{
}

Async<VaultCheckResult> VaultCheck::run()
{
    return andThen(this, m_vault.inspection().run(),
                   [this](const std::vector<VaultFinding> &findings) { return checkLog(findings); });
}

Async<VaultCheckResult> VaultCheck::checkLog(std::vector<VaultFinding> findings)
{
    return andThen(
        this, m_audit.verify(VerifyDepth::Full), [this, findings = std::move(findings)](const AuditVerification &log) {
            VaultCheckResult result{findings, log, {}};
            for (const std::string &sentence : log.broken)
                result.findings.push_back({"log", sentence});
            if (log.missing > 0)
                result.findings.push_back({"log", std::to_string(log.missing) + " records missing after record "
                                                      + std::to_string(log.missingAfter) + "."});
            return checkMessages(std::move(result));
        });
}

Async<VaultCheckResult> VaultCheck::checkMessages(VaultCheckResult result)
{
    return andThen(this, m_search.everywhere(), [result = std::move(result)](const MissingMessages &missing) mutable {
        result.missing = missing;
        if (missing.count > 0)
            result.findings.push_back({"messages", missingText(missing)});
        return ready<VaultCheckResult>(result);
    });
}

} // namespace tramontane
