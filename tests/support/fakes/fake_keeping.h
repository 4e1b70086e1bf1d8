// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/attachment_store.h"
#include "app/contracts/erasure_repository.h"
#include "app/contracts/folder_repository.h"
#include "app/contracts/retention_repository.h"
#include "tests/support/fakes/script.h"

#include <map>
#include <set>

// Fakes of what keeps, deletes and erases, in memory.
namespace tramontane::test {

/// Calls: "folders.list", "folders.create", "folders.rename", "folders.move", "folders.remove", "folders.place",
/// "folders.labels", "folders.setLabels". Without the checks of the real one.
class FakeFolders final : public FolderRepository {
public:
    explicit FakeFolders(Script &script) : m_script(script) {}
    [[nodiscard]] Async<std::vector<Folder>> list() override;
    [[nodiscard]] Async<Folder> create(FolderId parent, std::string name) override;
    [[nodiscard]] Async<void> rename(FolderId folder, std::string name) override;
    [[nodiscard]] Async<void> move(FolderId folder, FolderId parent) override;
    [[nodiscard]] Async<void> remove(FolderId folder) override;
    [[nodiscard]] Async<void> place(std::vector<ConversationId> conversations, FolderId folder) override;
    [[nodiscard]] Async<std::vector<Label>> labels() override;
    [[nodiscard]] Async<std::vector<Label>> labelsOf(ConversationId conversation) override;
    [[nodiscard]] Async<std::vector<Label>> setLabels(ConversationId conversation,
                                                      std::vector<std::string> names) override;

    std::map<FolderId, Folder> folders;
    std::map<ConversationId, FolderId> placed;
    std::map<ConversationId, std::vector<Label>> labelled;

private:
    Script &m_script;
};

/// Calls: "erasures.moveToBin", "erasures.restoreFromBin", "erasures.bin", "erasures.scope", "erasures.erase",
/// "erasures.cleanUp", "erasures.settle". Looking for unfinished ones is no call of the script: it goes along with every
/// opening.
class FakeErasures final : public ErasureRepository {
public:
    explicit FakeErasures(Script &script) : m_script(script) {}
    [[nodiscard]] Async<void> moveToBin(std::vector<ConversationId> conversations, std::int64_t nowMs) override;
    [[nodiscard]] Async<void> restoreFromBin(std::vector<ConversationId> conversations) override;
    [[nodiscard]] Async<std::vector<Conversation>> bin(int limit, int offset) override;
    [[nodiscard]] Async<ErasureScope> scope(ErasureRequest request) override;
    [[nodiscard]] Async<ErasureScope> erase(ErasureRequest request) override;
    [[nodiscard]] Async<void> cleanUp() override;
    [[nodiscard]] Async<std::vector<UnfinishedErasure>> unfinished() override;
    [[nodiscard]] Async<void> settle(AttemptId attempt) override;
    [[nodiscard]] Async<std::vector<ErasedRef>> registered() override;

    std::map<ConversationId, std::int64_t> deleted;
    std::vector<UnfinishedErasure> open;
    std::vector<ErasedRef> done;

private:
    Script &m_script;
};

/// Calls: "retention.setHold", "retention.releaseHold", "retention.setRule", "retention.removeRule", "retention.facts",
/// "retention.storeReport".
class FakeRetention final : public RetentionRepository {
public:
    explicit FakeRetention(Script &script) : m_script(script) {}
    [[nodiscard]] Async<Hold> setHold(ConversationId conversation, FolderId folder, std::string reason) override;
    [[nodiscard]] Async<std::vector<Hold>> holds() override;
    [[nodiscard]] Async<Hold> releaseHold(HoldId hold) override;
    [[nodiscard]] Async<RetentionRule> setRule(FolderId folder, int days, RetentionAction action) override;
    [[nodiscard]] Async<std::vector<RetentionRule>> rules() override;
    [[nodiscard]] Async<RetentionRule> removeRule(RetentionRuleId rule) override;
    [[nodiscard]] Async<RetentionFacts> facts() override;
    [[nodiscard]] Async<void> storeReport(RetentionReport report) override;
    [[nodiscard]] Async<std::vector<RetentionReport>> reports(int limit) override;

    RetentionFacts known;
    std::vector<RetentionReport> stored;

private:
    Script &m_script;
};

/// Attachments in memory. Calls: "attachments.add", "attachments.read", "attachments.next", "attachments.sweep". Must
/// outlive its readers.
class FakeAttachments final : public AttachmentStore {
public:
    explicit FakeAttachments(Script &script) : m_script(script) {}
    [[nodiscard]] std::shared_ptr<AttachmentAddition> add(NewAttachment attachment) override;
    [[nodiscard]] Async<std::vector<Attachment>> list(ConversationId conversation) override;
    [[nodiscard]] Async<Attachment> find(AttachmentId attachment) override;
    [[nodiscard]] Async<std::shared_ptr<AttachmentReader>> read(AttachmentId attachment) override;
    [[nodiscard]] Async<int> sweep() override;

    struct Stored {
        Attachment about;
        std::string bytes;
    };
    std::map<AttachmentId, Stored> stored;

private:
    Script &m_script;
};

} // namespace tramontane::test
