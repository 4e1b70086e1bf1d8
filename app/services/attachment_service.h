// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tramontane {

class ErasureService;

/// Files that belong to messages: taking them in, and letting them out where policy allows it. Calls: the owning thread;
/// nothing blocks.
class AttachmentService : public QObject {
    Q_OBJECT
public:
    /// All outlive the service.
    AttachmentService(OpenVault &vault, ErasureService &erasures, PolicySource &policy, const Clock &clock,
                      QObject *parent = nullptr);

    /// Bytes of the work that runs now; stop() ends it with Cancelled.
    struct Progress {
        std::atomic<std::uint64_t> done = 0;
        std::atomic<std::uint64_t> total = 0;
        std::atomic<bool> stopped = false;
        void stop() { stopped = true; }
    };

    /// Takes a file in. Its name without the folder is kept; its kind is told from the name alone. `progress` may be null.
    /// Errors: PolicyDenied (nothing may be attached), InvalidArgument (larger than policy allows; see
    /// AttachmentAddition), AuditUnavailable (nothing was stored), those of AttachmentAddition.
    [[nodiscard]] Async<Attachment> add(MessageId message, std::string file, std::shared_ptr<Progress> progress);
    [[nodiscard]] Async<std::vector<Attachment>> list(ConversationId conversation);
    [[nodiscard]] Async<Attachment> find(AttachmentId attachment);
    /// For whoever works with the content inside this program; what leaves it goes through exportTo().
    [[nodiscard]] Async<std::shared_ptr<AttachmentReader>> read(AttachmentId attachment);
    /// Writes it, decrypted, into a new file that only this account can read. The attempt is in the log before the first
    /// byte leaves. Whoever calls has asked the person. Errors: PolicyDenied, AuditUnavailable, InvalidArgument (there is
    /// something of that name), those of AttachmentStore::read; no file is left then.
    [[nodiscard]] Async<Attachment> exportTo(AttachmentId attachment, std::string file,
                                             std::shared_ptr<Progress> progress);
    /// For good, as ErasureService::erase.
    [[nodiscard]] Async<void> remove(AttachmentId attachment);

private:
    [[nodiscard]] Async<AuditHead> record(const std::string &event, Outcome outcome, const PolicyDecision &decision,
                                          const AuditObject &object, const std::string &corr,
                                          const std::optional<Error> &error = std::nullopt);
    void follow(const std::shared_ptr<AttachmentAddition> &addition, const std::shared_ptr<Progress> &progress);
    void addNow(NewAttachment attachment, const std::shared_ptr<Progress> &progress, const PolicyDecision &decision,
                const std::string &corr, const Deferred<Attachment> &answer);
    [[nodiscard]] Async<Attachment> exportNow(const Attachment &attachment, std::string file,
                                              std::shared_ptr<Progress> progress);

    OpenVault &m_vault;
    ErasureService &m_erasures;
    PolicySource &m_policy;
    const Clock &m_clock;
};

} // namespace tramontane
