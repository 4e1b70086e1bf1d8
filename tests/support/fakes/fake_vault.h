// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "tests/support/fakes/fake_backups.h"
#include "tests/support/fakes/fake_keeping.h"
#include "tests/support/fakes/fake_maintenance.h"
#include "tests/support/fakes/fake_slots.h"
#include "tests/support/fakes/fake_snapshots.h"
#include "tests/support/fakes/fake_upkeep.h"
#include "tests/support/fakes/script.h"

#include <set>

namespace tramontane::test {

/// Conversations in memory. Calls: the names of the functions.
class FakeConversations final : public ConversationRepository {
public:
    explicit FakeConversations(Script &script) : m_script(script) {}

    [[nodiscard]] Async<StoredQuestion> storeQuestion(QuestionToStore question) override;
    [[nodiscard]] Async<void> appendStreamParts(std::vector<StreamPart> parts) override;
    [[nodiscard]] Async<void> storeAnswer(AnswerToStore answer) override;
    void settle(AttemptId attempt, AuditHead head) override;
    /// No call of the script: it goes along with every record.
    void acknowledge(AuditHead head) override;
    [[nodiscard]] Async<void> acceptGap(std::uint64_t after, AuditHead head) override;
    [[nodiscard]] Async<std::vector<Leftover>> leftovers() override;
    [[nodiscard]] Async<std::vector<AuditHead>> knownAuditHeads() override;
    [[nodiscard]] Async<std::vector<MessageId>> absent(std::vector<MessageId> messages) override;
    [[nodiscard]] Async<std::vector<Conversation>> list(int limit, int offset) override;
    [[nodiscard]] Async<Conversation> find(ConversationId id) override;
    [[nodiscard]] Async<std::vector<Message>> thread(ConversationId id, MessageId leaf) override;
    [[nodiscard]] Async<ThreadPart> threadPart(ConversationId id, ThreadPlace place) override;
    [[nodiscard]] Async<std::vector<Message>> versions(MessageId sibling) override;
    [[nodiscard]] Async<MessageId> showBranch(MessageId message) override;
    [[nodiscard]] Async<Provenance> provenance(MessageId answer) override;
    [[nodiscard]] Async<std::map<MessageId, Provenance>> provenancesOf(std::vector<MessageId> answers) override;
    [[nodiscard]] Async<void> rename(ConversationId id, std::string title) override;
    [[nodiscard]] Async<SearchPage> search(SearchQuery query) override;

    std::map<ConversationId, Conversation> conversations;
    std::map<MessageId, Message> messages;
    std::map<MessageId, Provenance> provenances;
    std::map<AttemptId, Leftover> pending;
    std::vector<std::vector<StreamPart>> commits; // one entry per appendStreamParts
    std::vector<AuditHead> heads;

private:
    [[nodiscard]] std::vector<Message> branch(MessageId leaf) const;
    [[nodiscard]] int siblings(ConversationId conversation, MessageId parent) const;
    Script &m_script;
};

class FakeModels final : public ModelRepository {
public:
    explicit FakeModels(Script &script) : m_script(script) {}
    [[nodiscard]] Async<void> store(ModelRef model) override;
    [[nodiscard]] Async<std::vector<ModelRef>> list() override;
    [[nodiscard]] Async<void> remove(ModelId id) override;
    std::map<ModelId, ModelRef> models;

private:
    Script &m_script;
};

class FakeSettings final : public SettingRepository {
public:
    explicit FakeSettings(Script &script) : m_script(script) {}
    [[nodiscard]] Async<std::string> read(std::string key) override;
    [[nodiscard]] Async<void> write(std::string key, std::string value) override;
    std::map<std::string, std::string> values;

private:
    Script &m_script;
};

/// A log in memory. Calls: "append:<event>", and "append" fails all of them.
class FakeAuditLog final : public AuditLog {
public:
    explicit FakeAuditLog(Script &script) : m_script(script) {}
    [[nodiscard]] Async<AuditHead> append(AuditEvent event) override;
    [[nodiscard]] Async<std::vector<AuditRow>> list(AuditFilter filter) override;
    [[nodiscard]] Async<AuditVerification> verify(std::vector<AuditHead> knownHeads, VerifyDepth depth) override;
    [[nodiscard]] Async<AcceptedGap> acceptGap(AuditPolicy policy) override;
    [[nodiscard]] Async<std::string> checkpoint() override;
    [[nodiscard]] Async<RecordedAttempt> findAttempt(std::string corr) override;
    [[nodiscard]] Async<std::vector<std::string>> openAttempts() override;
    [[nodiscard]] Async<AuditHead> head() override;
    [[nodiscard]] std::string logId() const override { return "tramontane/test/audit"; }

    /// Names of the events in order, for comparisons.
    [[nodiscard]] std::vector<std::string> names() const;
    /// The last event of this name; a test failure (abort) when there is none.
    [[nodiscard]] const AuditEvent &last(const std::string &name) const;
    std::vector<AuditEvent> events;
    AuditVerification verification;
    std::vector<AuditHead> verifiedAgainst;
    VerifyDepth verifiedDepth = VerifyDepth::Usual;
    std::optional<Error> unwritable; // AuditRecordsMissing: as if the last three records were lost

private:
    [[nodiscard]] AuditHead current() const;
    Script &m_script;
};

class FakeVault final : public OpenVault {
public:
    explicit FakeVault(Script &script)
        : conversationStore(script), modelStore(script), settingStore(script), snapshotStore(script),
          attachmentStore(script), folderStore(script), erasureStore(script), retentionStore(script), slotStore(script),
          storageUse(script), log(script), maintenanceWork(script), backupStore(script), files(script), m_script(script)
    {
    }
    [[nodiscard]] ConversationRepository &conversations() override { return conversationStore; }
    [[nodiscard]] ModelRepository &models() override { return modelStore; }
    [[nodiscard]] SettingRepository &settings() override { return settingStore; }
    [[nodiscard]] SnapshotStore &snapshots() override { return snapshotStore; }
    [[nodiscard]] AttachmentStore &attachments() override { return attachmentStore; }
    [[nodiscard]] FolderRepository &folders() override { return folderStore; }
    [[nodiscard]] ErasureRepository &erasures() override { return erasureStore; }
    [[nodiscard]] RetentionRepository &retention() override { return retentionStore; }
    [[nodiscard]] VaultSlots &slots() override { return slotStore; }
    [[nodiscard]] VaultStorage &storage() override { return storageUse; }
    [[nodiscard]] AuditLog &audit() override { return log; }
    [[nodiscard]] DiskReserve &reserve() override { return diskReserve; }
    [[nodiscard]] VaultInspection &inspection() override { return files; }
    [[nodiscard]] VaultMaintenance &maintenance() override { return maintenanceWork; }
    [[nodiscard]] BackupStore &backups() override { return backupStore; }
    [[nodiscard]] std::string vaultId() const override { return "01890000-0000-7000-8000-000000000001"; }
    [[nodiscard]] Async<void> close() override;

    FakeConversations conversationStore;
    FakeModels modelStore;
    FakeSettings settingStore;
    FakeSnapshots snapshotStore;
    FakeAttachments attachmentStore;
    FakeFolders folderStore;
    FakeErasures erasureStore;
    FakeRetention retentionStore;
    FakeSlots slotStore;
    FakeStorage storageUse;
    FakeAuditLog log;
    FakeMaintenance maintenanceWork;
    FakeBackups backupStore;
    FakeReserve diskReserve;
    FakeInspection files;
    bool closed = false;

private:
    Script &m_script;
};

/// A vault directory in memory that knows one secret. Calls: "vault.status", "vault.create", "vault.discard",
/// "vault.open".
class FakeVaultStore final : public VaultStore {
public:
    explicit FakeVaultStore(Script &script) : m_script(script) {}
    [[nodiscard]] Async<VaultStatus> status() override;
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> create(SlotSecret first) override;
    [[nodiscard]] Async<void> discard(std::shared_ptr<OpenVault> vault) override;
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> open(SlotSecret secret) override;

    VaultStatus state{false, "/home/somebody/vault", {}, 1, {}, {}};
    std::shared_ptr<SecretBytes> secret;
    SlotKind kind = SlotKind::Passphrase;

private:
    Script &m_script;
};

} // namespace tramontane::test
