// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tramontane {

class ChatService;

/// What is to go for good.
struct ErasureTarget {
    std::vector<ConversationId> conversations;
    std::vector<MessageId> messages;
    std::vector<AttachmentId> attachments;
    /// vault.db gets another key afterwards, so that what the disk keeps of old pages can be read by nobody.
    bool final = false;
};

/// Deleting with undo, and erasing for good. Both end answers that are being written first, and neither does anything that
/// the log does not have before. A legal hold wins: OnHold, with who set it and why, which is recorded, too. Calls: the
/// owning thread; nothing blocks.
class ErasureService : public QObject {
    Q_OBJECT
public:
    /// All outlive the service.
    ErasureService(OpenVault &vault, ChatService &chat, PolicySource &policy, const Clock &clock,
                   QObject *parent = nullptr);

    /// Into the bin, where they can be had back until it is emptied; what models remember of them goes at once. `cause`: a
    /// flag for the records, "retention"; empty: a person. Errors: NotFound, OnHold, AuditUnavailable, those of the
    /// vault; nothing was deleted then.
    [[nodiscard]] Async<void> moveToBin(std::vector<ConversationId> conversations, std::string cause = {});
    /// Out of the bin. Errors: as moveToBin().
    [[nodiscard]] Async<void> restoreFromBin(std::vector<ConversationId> conversations);
    [[nodiscard]] Async<std::vector<Conversation>> bin(int limit = 0, int offset = 0);

    /// What erase() would touch. Errors: as ErasureRepository::erase.
    [[nodiscard]] Async<ErasureScope> preview(ErasureTarget target);
    /// One transaction takes rows, index, salts and keys; then files, what pages still hold, and the write-ahead log.
    /// Ready when all of it is done and recorded. Errors before anything was erased: as preview(), AuditUnavailable. After
    /// it, with a message that says so: those of the disk and of the log; the rest is done at the next opening, but for
    /// the new key, which has to be asked for again.
    [[nodiscard]] Async<ErasureScope> erase(ErasureTarget target, std::string cause = {});
    /// Completes what a crash left behind, at opening. How many erasures. What cannot be completed now stays.
    [[nodiscard]] Async<int> completeUnfinished();

private:
    struct Erasing;
    using ErasingPtr = std::shared_ptr<Erasing>;

    [[nodiscard]] Async<void> changeBin(std::vector<ConversationId> conversations, std::string event, std::string cause,
                                        std::function<Async<void>()> change);
    void refuse(const ErasingPtr &erasing, const Error &error);
    void request(const ErasingPtr &erasing);
    void eraseRows(const ErasingPtr &erasing);
    [[nodiscard]] Async<void> finish(const ErasingPtr &erasing);
    [[nodiscard]] Async<void> removeFiles(const std::vector<ConversationId> &conversations);
    [[nodiscard]] Async<void> recordCompleted(const ErasingPtr &erasing);
    [[nodiscard]] Async<void> recordAll(const ErasingPtr &erasing, const std::string &event, Outcome outcome,
                                        std::size_t from);
    void giveNewKey(const ErasingPtr &erasing);
    void completeNext(std::vector<UnfinishedErasure> left, int completed, const Deferred<int> &done);

    OpenVault &m_vault;
    ChatService &m_chat;
    PolicySource &m_policy;
    const Clock &m_clock;
};

} // namespace tramontane
