// SPDX-License-Identifier: Apache-2.0
#include "app/services/conversation_service.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"
#include "app/services/conversation_export.h"
#include "app/services/recording.h"

#include <algorithm>

namespace tramontane {

ConversationService::ConversationService(OpenVault &vault, PolicySource &policy, QObject *parent)
    : QObject(parent), m_vault(vault), m_policy(policy)
{
}

Async<std::vector<Conversation>> ConversationService::list(int limit, int offset)
{
    return m_vault.conversations().list(limit, offset);
}

Async<Conversation> ConversationService::find(ConversationId id)
{
    return m_vault.conversations().find(id);
}

Async<std::vector<Message>> ConversationService::thread(ConversationId id, MessageId leaf)
{
    return m_vault.conversations().thread(id, leaf);
}

Async<ThreadPart> ConversationService::threadPart(ConversationId id, ThreadPlace place)
{
    return m_vault.conversations().threadPart(id, place);
}

Async<MessageId> ConversationService::showBranch(MessageId message)
{
    return m_vault.conversations().showBranch(message);
}

Async<MessageId> ConversationService::neighbourVersion(MessageId message, int step)
{
    return andThen(this, m_vault.conversations().versions(message), [message, step](const std::vector<Message> &all) {
        const auto here = std::find_if(all.begin(), all.end(), [&](const Message &m) { return m.id == message; });
        const auto index = std::distance(all.begin(), here) + step;
        if (here == all.end() || index < 0 || index >= std::ssize(all))
            return ready<MessageId>(Error{ErrorCode::NotFound, "There is no further version of this message.", {}});
        return ready<MessageId>(all[std::size_t(index)].id);
    });
}

Async<Provenance> ConversationService::provenance(MessageId answer)
{
    return m_vault.conversations().provenance(answer);
}

Async<std::map<MessageId, Provenance>> ConversationService::provenancesOf(std::vector<MessageId> answers)
{
    return m_vault.conversations().provenancesOf(std::move(answers));
}

Async<void> ConversationService::rename(ConversationId id, std::string title)
{
    return m_vault.conversations().rename(id, std::move(title));
}

Async<SearchPage> ConversationService::search(SearchQuery query)
{
    return m_vault.conversations().search(std::move(query));
}

Async<std::string> ConversationService::exportText(ConversationId id, ExportFormat format)
{
    const PolicyDecision decision = mayExport(m_policy.current());
    if (!decision.allowed)
        return recordExport(id, decision, {});
    const auto material = collectExport(this, m_vault.conversations(), id);
    return andThen(this, material, [this, id, format, decision](const ExportedConversation &exported) {
        return recordExport(id, decision,
                            format == ExportFormat::Json ? exportJson(exported) : exportMarkdown(exported));
    });
}

Async<std::string> ConversationService::recordExport(ConversationId id, const PolicyDecision &decision,
                                                     std::string text)
{
    AuditEvent event = records::decided("conversation.exported", Outcome::Success, m_policy.current(), decision);
    event.object = records::object("conversation", id.text());
    event.object->bytes = std::int64_t(text.size());
    Deferred<std::string> answer;
    whenReady(this, appendRecord(this, m_vault, std::move(event)),
              [answer, decision, text = std::move(text)](const Result<AuditHead> &head) {
                  if (!decision.allowed)
                      answer.resolve(records::denied(decision, "Not exported"));
                  else if (!head)
                      answer.resolve(head.error());
                  else
                      answer.resolve(text);
              });
    return answer.future();
}

} // namespace tramontane
