// SPDX-License-Identifier: Apache-2.0
#include "app/services/conversation_export.h"

#include "app/contracts/when_ready.h"
#include "app/core/clock.h"
#include "app/services/conversation_json.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace tramontane {
namespace {

std::string heading(const Message &message)
{
    switch (message.role) {
    case Role::User: return "You";
    case Role::Assistant: return "Answer";
    case Role::System: return "System";
    case Role::Tool: return "Tool";
    }
    return {};
}

std::string quoted(const std::string &text)
{
    std::string out = "> ";
    for (const char c : text)
        out += c == '\n' ? std::string("\n> ") : std::string(1, c);
    return out;
}

/// A fence that is longer than any run of backticks inside.
std::string fenced(const Block &block)
{
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : block.text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
    return fence + block.detail + "\n" + block.text + "\n" + fence;
}

std::string markdown(const Block &block)
{
    switch (block.kind) {
    case BlockKind::Code: return fenced(block);
    case BlockKind::Reasoning:
    case BlockKind::Error:
    case BlockKind::Notice: return quoted(block.text);
    default: return block.text;
    }
}

std::string origin(const Message &message, const Provenance *provenance)
{
    std::string line = "*" + rfc3339(message.createdMs);
    if (provenance)
        line += " · " + provenance->modelName + " · " + provenance->device + " · "
                + std::to_string(provenance->usage.answerTokens) + " tokens";
    if (message.state != MessageState::Complete)
        line += " · " + std::string(messageStateName(message.state));
    return line + "*";
}

} // namespace

Async<ExportedConversation> collectExport(QObject *context, ConversationRepository &conversations, ConversationId id)
{
    auto exported = std::make_shared<ExportedConversation>();
    const auto thread = andThen(context, conversations.find(id), [&conversations, id, exported](Conversation found) {
        exported->conversation = std::move(found);
        return conversations.thread(id, {});
    });
    const auto origins = andThen(context, thread, [&conversations, exported](std::vector<Message> messages) {
        exported->messages = std::move(messages);
        std::vector<MessageId> answers;
        for (const Message &message : exported->messages) {
            if (message.role == Role::Assistant)
                answers.push_back(message.id);
        }
        return conversations.provenancesOf(std::move(answers));
    });
    return andThen(context, origins, [exported](std::map<MessageId, Provenance> found) {
        exported->provenance = std::move(found);
        return ready<ExportedConversation>(std::move(*exported));
    });
}

std::string exportMarkdown(const ExportedConversation &exported)
{
    std::string out = "# " + exported.conversation.title + "\n";
    if (!exported.conversation.systemPrompt.empty())
        out += "\n## System\n\n" + exported.conversation.systemPrompt + "\n";
    for (const Message &message : exported.messages) {
        out += "\n## " + heading(message) + "\n";
        for (const Block &block : message.blocks)
            out += "\n" + markdown(block) + "\n";
        const auto provenance = exported.provenance.find(message.id);
        out += "\n" + origin(message, provenance == exported.provenance.end() ? nullptr : &provenance->second) + "\n";
    }
    return out;
}

std::string exportJson(const ExportedConversation &exported)
{
    QJsonArray messages;
    for (const Message &message : exported.messages) {
        QJsonObject json = toJson(message);
        if (const auto found = exported.provenance.find(message.id); found != exported.provenance.end())
            json.insert("provenance", toJson(found->second));
        messages.append(json);
    }
    const QJsonObject document{{"format", "tramontane.conversation"},
                               {"version", 1},
                               {"conversation", toJson(exported.conversation)},
                               {"messages", messages}};
    return QJsonDocument(document).toJson(QJsonDocument::Indented).toStdString();
}

} // namespace tramontane
