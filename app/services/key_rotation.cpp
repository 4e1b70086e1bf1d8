// SPDX-License-Identifier: Apache-2.0
#include "app/services/key_rotation.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"
#include "app/services/recording.h"

namespace tramontane {

Async<RotatedKey> rotateVaultKey(QObject *context, OpenVault &vault, PolicySource &policy, const std::string &corr,
                                 LongWork work)
{
    const auto record = [context, &vault, &policy, corr](Outcome outcome) {
        AuditEvent event = records::event("key.rotated", outcome, policy.current());
        event.corr = corr;
        event.object = records::object("vault", vault.vaultId());
        return appendRecord(context, vault, std::move(event));
    };
    const auto rotated = andThen(context, record(Outcome::Unknown),
                                 [&vault, work](const AuditHead &) { return vault.maintenance().rotateKey(work); });
    Deferred<RotatedKey> answer;
    whenReady(context, rotated, [context, record, answer](const Result<RotatedKey> &key) {
        whenReady(context, record(key ? Outcome::Success : Outcome::Failure),
                  [answer, key](const Result<AuditHead> &) { answer.resolve(key); });
    });
    return answer.future();
}

} // namespace tramontane
