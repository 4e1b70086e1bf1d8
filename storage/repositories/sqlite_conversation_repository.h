// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_repository.h"
#include "storage/repositories/vault_database.h"

namespace tramontane {

/// Conversations in vault.db. `database` must outlive it.
class SqliteConversationRepository final : public ConversationRepository {
public:
    explicit SqliteConversationRepository(VaultDatabase &database) : m_database(database) {}

    [[nodiscard]] Async<StoredQuestion> storeQuestion(QuestionToStore question) override;
    [[nodiscard]] Async<void> appendStreamParts(std::vector<StreamPart> parts) override;
    [[nodiscard]] Async<void> storeAnswer(AnswerToStore answer) override;
    void settle(AttemptId attempt, AuditHead head) override;
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

private:
    VaultDatabase &m_database;
};

} // namespace tramontane
