// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/policy/policy.h"

#include <QObject>

namespace tramontane {

enum class ExportFormat { Markdown, Json };

/// Reading, searching, renaming and exporting what was said. Calls and signals: the owning thread.
class ConversationService : public QObject {
    Q_OBJECT
public:
    ConversationService(OpenVault &vault, PolicySource &policy, QObject *parent = nullptr);

    [[nodiscard]] Async<std::vector<Conversation>> list(int limit = 0, int offset = 0);
    [[nodiscard]] Async<Conversation> find(ConversationId id);
    [[nodiscard]] Async<std::vector<Message>> thread(ConversationId id, MessageId leaf = {});
    [[nodiscard]] Async<ThreadPart> threadPart(ConversationId id, ThreadPlace place);
    [[nodiscard]] Async<MessageId> showBranch(MessageId message);
    /// The neighbour version of a message in branch order, `step` -1 or +1. Errors: NotFound at the ends.
    [[nodiscard]] Async<MessageId> neighbourVersion(MessageId message, int step);
    [[nodiscard]] Async<Provenance> provenance(MessageId answer);
    [[nodiscard]] Async<std::map<MessageId, Provenance>> provenancesOf(std::vector<MessageId> answers);
    [[nodiscard]] Async<void> rename(ConversationId id, std::string title);
    /// As ConversationRepository::search.
    [[nodiscard]] Async<SearchPage> search(SearchQuery query);
    /// The shown branch as one text (resources/cli/conversation-export.v1.schema.json for Json), recorded as
    /// `conversation.exported` before the text is handed out. Errors: PolicyDenied, AuditUnavailable, NotFound.
    [[nodiscard]] Async<std::string> exportText(ConversationId id, ExportFormat format);

private:
    [[nodiscard]] Async<std::string> recordExport(ConversationId id, const PolicyDecision &decision, std::string text);

    OpenVault &m_vault;
    PolicySource &m_policy;
};

} // namespace tramontane
