// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/vault_database.h"

#include "storage/repositories/audit_head_rows.h"

namespace tramontane {

namespace {

// Whatever deletes a conversation, the key of its snapshot goes in the same transaction. A trigger of this connection, so
// that the stored schema stays version 1; the row's id is the conversation's.
constexpr std::string_view kKeyGoesWithConversation =
    "CREATE TEMP TRIGGER IF NOT EXISTS snapshot_key_goes_with_conversation AFTER DELETE ON main.conversation BEGIN "
    "DELETE FROM content_key WHERE id = OLD.id AND purpose = 'snapshot'; END";

} // namespace

VaultDatabase::VaultDatabase(std::unique_ptr<sqlite::Connection> connection, sqlite::DiskRoom *room)
    : m_room(room), m_thread(std::move(connection))
{
    static_cast<void>(m_thread.run([](sqlite::Connection &c) -> Status {
        setUp(c);
        return {};
    }));
}

void VaultDatabase::setUp(sqlite::Connection &connection)
{
    // It fails only without memory, as everything after it will; the snapshots' own sweep finds what then stays behind.
    static_cast<void>(connection.execute(kKeyGoesWithConversation));
}

void VaultDatabase::settle(Settlement settlement)
{
    static_cast<void>(
        m_thread.run([settled = m_settled, settlement = std::move(settlement)](sqlite::Connection &) -> Status {
            // Of heads alone only the newest says anything: a log without it is without the others, too.
            if (settlement.attempt.isNull() && !settled->empty() && settled->back().attempt.isNull())
                settled->pop_back();
            settled->push_back(settlement);
            return {};
        }));
}

Async<void> VaultDatabase::checkpoint()
{
    return m_thread.run([](sqlite::Connection &connection) { return connection.checkpoint(); });
}

Async<void> VaultDatabase::close()
{
    static_cast<void>(m_thread.run([settled = m_settled, room = m_room](sqlite::Connection &connection) -> Status {
        if (settled->empty())
            return {};
        auto nothingElse = [](sqlite::Connection &) { return Status(); };
        const Status written = writeOnce(connection, *settled, nothingElse);
        if (written || written.error().code != ErrorCode::NoSpace || !room || !room->giveUp())
            return written;
        return writeOnce(connection, *settled, nothingElse);
    }));
    return m_thread.close();
}

Status VaultDatabase::writeSettlements(sqlite::Connection &connection, const Settlements &settled)
{
    if (settled.empty())
        return {};
    auto forget = connection.prepare("DELETE FROM pending WHERE attempt = ?");
    if (!forget)
        return forget.error();
    std::vector<AuditHead> heads;
    heads.reserve(settled.size());
    for (const Settlement &settlement : settled) {
        heads.push_back(settlement.head);
        if (settlement.attempt.isNull())
            continue;
        if (auto done = forget->bind(settlement.attempt).run(); !done)
            return done;
    }
    return rememberAuditHeads(connection, heads);
}

} // namespace tramontane
