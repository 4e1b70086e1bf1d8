// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_repository.h"

#include <QObject>

#include <map>
#include <string>
#include <vector>

namespace tramontane {

/// The shown branch of a conversation with the provenance of its answers, as far as they have one.
struct ExportedConversation {
    Conversation conversation;
    std::vector<Message> messages;
    std::map<MessageId, Provenance> provenance;
};

/// Reads all of it. `context`: the calling thread's object that the reading lives with.
/// Errors: NotFound, and those of ConversationRepository.
[[nodiscard]] Async<ExportedConversation> collectExport(QObject *context, ConversationRepository &conversations,
                                                        ConversationId id);

/// Markdown for people: title, then each message under a heading; notices and errors as quotations; under each answer
/// one line that says by which model, on which device and when it was written. Any thread.
[[nodiscard]] std::string exportMarkdown(const ExportedConversation &exported);

/// One JSON document (resources/cli/conversation-export.v1.schema.json): everything that the vault knows of the branch.
[[nodiscard]] std::string exportJson(const ExportedConversation &exported);

} // namespace tramontane
