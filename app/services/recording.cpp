// SPDX-License-Identifier: Apache-2.0
#include "app/services/recording.h"

#include "app/contracts/when_ready.h"

namespace tramontane {

Async<AuditHead> appendRecord(QObject *context, OpenVault &vault, AuditEvent event)
{
    Deferred<AuditHead> answer;
    whenReady(context, vault.audit().append(std::move(event)), [&vault, answer](const Result<AuditHead> &head) {
        if (head)
            vault.conversations().acknowledge(*head);
        answer.resolve(head);
    });
    return answer.future();
}

} // namespace tramontane
