// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/conversation_rows.h"

#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

Error unknownName(std::string_view column)
{
    return Error{ErrorCode::VaultDamaged,
                 "The vault's database holds something that this version does not know. Restore it from a backup.",
                 "column " + std::string(column)};
}

Error notFound()
{
    return Error{ErrorCode::NotFound, "There is no such conversation or message; it may have been deleted.", ""};
}

Result<Message> messageOf(const sqlite::Statement &row)
{
    const auto role = roleFromName(row.text(4));
    const auto state = messageStateFromName(row.text(5));
    if (!role || !state)
        return unknownName("message.role or message.state");
    Message message;
    message.id = MessageId(row.uuid(0));
    message.conversation = ConversationId(row.uuid(1));
    message.parent = MessageId(row.uuid(2));
    message.branchOrder = static_cast<int>(row.integer(3));
    message.role = *role;
    message.state = *state;
    message.createdMs = row.integer(6);
    message.versions = static_cast<int>(row.integer(7));
    return message;
}

Provenance provenanceOf(const sqlite::Statement &row)
{
    Provenance provenance;
    provenance.modelName = row.text(0);
    provenance.modelSha256 = row.text(1);
    provenance.quantisation = row.text(2);
    provenance.templateSha256 = row.text(3);
    provenance.parametersJson = row.text(4);
    provenance.modeJson = row.text(5);
    provenance.contextJson = row.text(6);
    provenance.device = row.text(7);
    provenance.layersOnDevice = static_cast<int>(row.integer(8));
    provenance.layersTotal = static_cast<int>(row.integer(9));
    provenance.engineBuild = row.text(10);
    provenance.policySha256 = row.text(11);
    provenance.usage = {static_cast<int>(row.integer(12)), static_cast<int>(row.integer(13)), row.integer(14),
                        row.integer(15), row.real(16)};
    if (!row.isNull(17))
        provenance.energyMilliJoule = row.integer(17);
    return provenance;
}

} // namespace

Conversation readConversation(const sqlite::Statement &row)
{
    Conversation conversation;
    conversation.id = ConversationId(row.uuid(0));
    conversation.folder = FolderId(row.uuid(1));
    conversation.title = row.text(2);
    conversation.systemPrompt = row.text(3);
    conversation.createdMs = row.integer(4);
    conversation.updatedMs = row.integer(5);
    conversation.pinned = row.integer(6) != 0;
    conversation.leaf = MessageId(row.uuid(7));
    if (!row.isNull(8))
        conversation.deletedMs = row.integer(8);
    return conversation;
}

Result<std::vector<Conversation>> readConversations(sqlite::Connection &connection, std::string_view filter, int limit,
                                                    int offset)
{
    auto select = connection.prepare("SELECT " + std::string(kConversationColumns) + " FROM conversation WHERE "
                                     + std::string(filter) + " LIMIT ? OFFSET ?");
    if (!select)
        return select.error();
    select->bind(limit > 0 ? limit : -1, offset);
    std::vector<Conversation> conversations;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return conversations;
        conversations.push_back(readConversation(*select));
    }
}

Result<Conversation> findConversation(sqlite::Connection &connection, ConversationId id)
{
    auto select = connection.prepare("SELECT " + std::string(kConversationColumns)
                                     + " FROM conversation WHERE id = ? AND deleted_ms IS NULL");
    if (!select)
        return select.error();
    const auto row = select->bind(id).step();
    if (!row)
        return row.error();
    if (!*row)
        return notFound();
    return readConversation(*select);
}

Result<std::vector<Message>> readMessages(sqlite::Statement &statement)
{
    std::vector<Message> messages;
    if (auto read = appendMessages(statement, messages); !read)
        return read.error();
    return messages;
}

Status appendMessages(sqlite::Statement &statement, std::vector<Message> &messages)
{
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        if (messages.empty() || messages.back().id.uuid() != statement.uuid(0)) {
            auto message = messageOf(statement);
            if (!message)
                return message.error();
            messages.push_back(std::move(*message));
        }
        if (statement.isNull(8))
            continue;
        const auto kind = blockKindFromName(statement.text(8));
        if (!kind)
            return unknownName("block.kind");
        messages.back().blocks.push_back({*kind, std::string(statement.text(9)), std::string(statement.text(10))});
    }
}

Result<Provenance> findProvenance(sqlite::Connection &connection, MessageId answer)
{
    auto found = findProvenances(connection, {answer});
    if (!found)
        return found.error();
    if (found->empty())
        return notFound();
    return std::move(found->begin()->second);
}

Result<std::map<MessageId, Provenance>> findProvenances(sqlite::Connection &connection,
                                                        const std::vector<MessageId> &answers)
{
    auto select = connection.prepare(
        "SELECT model_name, model_sha256, quantisation, template_sha256, parameters_json, mode_json, context_json, "
        "device, layers_on_device, layers_total, engine_build, policy_sha256, prompt_tokens, answer_tokens, "
        "first_token_ms, total_ms, tokens_per_second, energy_millijoule "
        "FROM answer_provenance WHERE message = (SELECT seq FROM message WHERE id = ?)");
    if (!select)
        return select.error();
    std::map<MessageId, Provenance> found;
    for (const MessageId &answer : answers) {
        const auto row = select->bind(answer).step();
        if (!row)
            return row.error();
        if (*row)
            found.emplace(answer, provenanceOf(*select));
    }
    return found;
}

Status writeProvenance(sqlite::Connection &connection, std::int64_t messageSeq, const Provenance &provenance)
{
    auto insert = connection.prepare("INSERT INTO answer_provenance VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!insert)
        return insert.error();
    const Usage &usage = provenance.usage;
    return insert
        ->bind(messageSeq, storableText(provenance.modelName), provenance.modelSha256, provenance.quantisation,
               provenance.templateSha256, provenance.parametersJson, provenance.modeJson, provenance.contextJson,
               provenance.device, provenance.layersOnDevice, provenance.layersTotal, provenance.engineBuild,
               provenance.policySha256, usage.promptTokens, usage.answerTokens, usage.firstTokenMs, usage.totalMs,
               usage.tokensPerSecond, provenance.energyMilliJoule)
        .run();
}

} // namespace tramontane
