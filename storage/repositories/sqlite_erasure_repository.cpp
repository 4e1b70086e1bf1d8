// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/sqlite_erasure_repository.h"

#include "storage/repositories/clean_up.h"
#include "storage/repositories/conversation_rows.h"
#include "storage/repositories/erasure_rows.h"
#include "storage/repositories/hold_rows.h"

namespace tramontane {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

Status binOne(Connection &connection, ConversationId id, std::int64_t nowMs)
{
    const auto hold = holdOnConversation(connection, id);
    if (!hold)
        return hold.error();
    if (*hold)
        return onHold(**hold);
    auto update = connection.prepare("UPDATE conversation SET deleted_ms = coalesce(deleted_ms, ?2) WHERE id = ?1");
    if (!update)
        return update.error();
    return update->bind(id, nowMs).run();
}

Status unbinOne(Connection &connection, ConversationId id)
{
    auto update =
        connection.prepare("UPDATE conversation SET deleted_ms = NULL WHERE id = ? AND deleted_ms IS NOT NULL");
    if (!update)
        return update.error();
    if (auto done = update->bind(id).run(); !done)
        return done;
    if (connection.changes() == 0)
        return Error{ErrorCode::NotFound, "There is no such conversation in the bin.", id.text()};
    return {};
}

Result<std::vector<UnfinishedErasure>> readUnfinished(Connection &connection)
{
    auto select = connection.prepare("SELECT attempt, ref, kind, erased_ms FROM erasure WHERE attempt IS NOT NULL "
                                     "ORDER BY attempt, ref");
    if (!select)
        return select.error();
    std::vector<UnfinishedErasure> all;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return all;
        const AttemptId attempt(select->uuid(0));
        if (all.empty() || all.back().attempt != attempt)
            all.push_back({attempt, {}});
        const auto kind = erasedKindFromName(select->text(2));
        if (kind)
            all.back().refs.push_back({select->uuid(1), *kind, select->integer(3)});
    }
}

/// Each step is a task of its own and queues the next one: what others have queued meanwhile comes before it. The queue
/// answers VaultLocked once it is closed, so the chain ends with the database.
void cleanOn(VaultDatabase &database, const std::shared_ptr<ErasureCleanUp> &work,
             const std::shared_ptr<QPromise<Status>> &answer)
{
    const auto stepped = database.read([&database, work, answer](Connection &c, const Settlements &) -> Status {
        const auto more = work->step(c);
        if (more && *more) {
            cleanOn(database, work, answer);
            return {};
        }
        answer->addResult(more ? Status() : Status(more.error()));
        answer->finish();
        return {};
    });
    if (!stepped.isFinished() || stepped.result())
        return;
    answer->addResult(stepped.result());
    answer->finish();
}

} // namespace

Async<void> SqliteErasureRepository::moveToBin(std::vector<ConversationId> conversations, std::int64_t nowMs)
{
    return m_database.write([conversations = std::move(conversations), nowMs](Connection &c) -> Status {
        for (const ConversationId id : conversations) {
            if (auto done = binOne(c, id, nowMs); !done)
                return done;
        }
        return {};
    });
}

Async<void> SqliteErasureRepository::restoreFromBin(std::vector<ConversationId> conversations)
{
    return m_database.write([conversations = std::move(conversations)](Connection &c) -> Status {
        for (const ConversationId id : conversations) {
            if (auto done = unbinOne(c, id); !done)
                return done;
        }
        return {};
    });
}

Async<std::vector<Conversation>> SqliteErasureRepository::bin(int limit, int offset)
{
    return m_database.read([limit, offset](Connection &c, const Settlements &) {
        return readConversations(c, "deleted_ms IS NOT NULL ORDER BY deleted_ms DESC, id DESC", limit, offset);
    });
}

Async<ErasureScope> SqliteErasureRepository::scope(ErasureRequest request)
{
    return m_database.read(
        [request = std::move(request)](Connection &c, const Settlements &) { return checkErasure(c, request); });
}

Async<ErasureScope> SqliteErasureRepository::erase(ErasureRequest request)
{
    return m_database.write([request = std::move(request)](Connection &c) -> Result<ErasureScope> {
        auto scope = checkErasure(c, request);
        if (!scope)
            return scope;
        if (auto erased = eraseRows(c, request); !erased)
            return erased.error();
        return scope;
    });
}

Async<void> SqliteErasureRepository::cleanUp()
{
    auto answer = std::make_shared<QPromise<Status>>();
    answer->start();
    const auto future = answer->future();
    cleanOn(m_database, std::make_shared<ErasureCleanUp>(), answer);
    return future;
}

Async<std::vector<UnfinishedErasure>> SqliteErasureRepository::unfinished()
{
    return m_database.read([](Connection &c, const Settlements &) { return readUnfinished(c); });
}

Async<void> SqliteErasureRepository::settle(AttemptId attempt)
{
    return m_database.write([attempt](Connection &c) -> Status {
        auto update = c.prepare("UPDATE erasure SET attempt = NULL WHERE attempt = ?");
        if (!update)
            return update.error();
        return update->bind(attempt).run();
    });
}

Async<std::vector<ErasedRef>> SqliteErasureRepository::registered()
{
    return m_database.read([](Connection &c, const Settlements &) { return readErasureRegister(c); });
}

} // namespace tramontane
