// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/sqlite_conversation_repository.h"

#include "storage/repositories/audit_head_rows.h"
#include "storage/repositories/conversation_rows.h"
#include "storage/repositories/message_search.h"
#include "storage/repositories/message_writing.h"
#include "storage/repositories/storable_text.h"
#include "storage/repositories/thread_reading.h"

namespace tramontane {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

Result<std::vector<AuditHead>> readHeads(Connection &connection, const Settlements &settled)
{
    auto heads = readAuditHeads(connection);
    if (!heads)
        return heads;
    for (const auto &settlement : settled) {
        if (settlement.head.size > 0)
            heads->push_back(settlement.head);
    }
    return heads;
}

Result<std::vector<MessageId>> findAbsent(Connection &connection, const std::vector<MessageId> &messages)
{
    auto select = connection.prepare("SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1) "
                                     "OR EXISTS (SELECT 1 FROM erasure WHERE ref = ?1)");
    if (!select)
        return select.error();
    std::vector<MessageId> absent;
    for (const MessageId id : messages) {
        const auto row = select->bind(id).step();
        if (!row)
            return row.error();
        if (select->integer(0) == 0)
            absent.push_back(id);
    }
    return absent;
}

Status changeConversation(Connection &connection, sqlite::Statement &update)
{
    if (auto done = update.run(); !done)
        return done;
    if (connection.changes() == 0)
        return Error{ErrorCode::NotFound, "There is no such conversation; it may have been deleted.", ""};
    return {};
}

} // namespace

Async<StoredQuestion> SqliteConversationRepository::storeQuestion(QuestionToStore question)
{
    return m_database.write([question = std::move(question)](Connection &c) { return writeQuestion(c, question); },
                            VaultDatabase::OnFullDisk::Refuse);
}

Async<void> SqliteConversationRepository::appendStreamParts(std::vector<StreamPart> parts)
{
    return m_database.write([parts = std::move(parts)](Connection &c) { return writeStreamParts(c, parts); });
}

Async<void> SqliteConversationRepository::storeAnswer(AnswerToStore answer)
{
    return m_database.write([answer = std::move(answer)](Connection &c) { return writeAnswer(c, answer); });
}

void SqliteConversationRepository::settle(AttemptId attempt, AuditHead head)
{
    m_database.settle({attempt, std::move(head)});
}

void SqliteConversationRepository::acknowledge(AuditHead head)
{
    m_database.settle({{}, std::move(head)});
}

Async<void> SqliteConversationRepository::acceptGap(std::uint64_t after, AuditHead head)
{
    return m_database.write([after, head = std::move(head)](Connection &c) -> Status {
        if (auto forgotten = forgetAuditHeadsAbove(c, after); !forgotten)
            return forgotten;
        return rememberAuditHeads(c, {head});
    });
}

Async<std::vector<Leftover>> SqliteConversationRepository::leftovers()
{
    return m_database.read([](Connection &c, const Settlements &settled) { return readLeftovers(c, settled); });
}

Async<std::vector<AuditHead>> SqliteConversationRepository::knownAuditHeads()
{
    return m_database.read([](Connection &c, const Settlements &settled) { return readHeads(c, settled); });
}

Async<std::vector<MessageId>> SqliteConversationRepository::absent(std::vector<MessageId> messages)
{
    return m_database.read(
        [messages = std::move(messages)](Connection &c, const Settlements &) { return findAbsent(c, messages); });
}

Async<std::vector<Conversation>> SqliteConversationRepository::list(int limit, int offset)
{
    return m_database.read([=](Connection &c, const Settlements &) {
        return readConversations(c, "deleted_ms IS NULL ORDER BY updated_ms DESC, id DESC", limit, offset);
    });
}

Async<Conversation> SqliteConversationRepository::find(ConversationId id)
{
    return m_database.read([=](Connection &c, const Settlements &) { return findConversation(c, id); });
}

Async<std::vector<Message>> SqliteConversationRepository::thread(ConversationId id, MessageId leaf)
{
    return m_database.read([=](Connection &c, const Settlements &) { return readThread(c, id, leaf); });
}

Async<ThreadPart> SqliteConversationRepository::threadPart(ConversationId id, ThreadPlace place)
{
    return m_database.read([=](Connection &c, const Settlements &) { return readThreadPart(c, id, place); });
}

Async<std::vector<Message>> SqliteConversationRepository::versions(MessageId sibling)
{
    return m_database.read([=](Connection &c, const Settlements &) { return readVersions(c, sibling); });
}

Async<MessageId> SqliteConversationRepository::showBranch(MessageId message)
{
    return m_database.write([=](Connection &c) -> Result<MessageId> {
        const auto end = findBranchEnd(c, message);
        if (!end)
            return end.error();
        auto update = c.prepare("UPDATE conversation SET leaf = ? WHERE id = ?");
        if (!update)
            return update.error();
        if (auto done = changeConversation(c, update->bind(end->leaf, end->conversation)); !done)
            return done.error();
        return end->leaf;
    });
}

Async<Provenance> SqliteConversationRepository::provenance(MessageId answer)
{
    return m_database.read([=](Connection &c, const Settlements &) { return findProvenance(c, answer); });
}

Async<std::map<MessageId, Provenance>> SqliteConversationRepository::provenancesOf(std::vector<MessageId> answers)
{
    return m_database.read(
        [answers = std::move(answers)](Connection &c, const Settlements &) { return findProvenances(c, answers); });
}

Async<void> SqliteConversationRepository::rename(ConversationId id, std::string title)
{
    return m_database.write([id, title = storableText(title)](Connection &c) -> Status {
        auto update = c.prepare("UPDATE conversation SET title = ? WHERE id = ? AND deleted_ms IS NULL");
        if (!update)
            return update.error();
        return changeConversation(c, update->bind(title, id));
    });
}

Async<SearchPage> SqliteConversationRepository::search(SearchQuery query)
{
    return m_database.read(
        [query = std::move(query)](Connection &c, const Settlements &) { return searchConversations(c, query); });
}

} // namespace tramontane
