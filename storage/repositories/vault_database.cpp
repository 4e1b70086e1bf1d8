// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/vault_database.h"

namespace tramontane {

namespace {

// Enough to find back to a head that a restored log still has; each is 72 bytes.
constexpr int kHeadsKept = 64;

// Whatever deletes a conversation, the key of its snapshot goes in the same transaction. A trigger of this connection, so
// that the stored schema stays version 1; the row's id is the conversation's.
constexpr std::string_view kKeyGoesWithConversation =
    "CREATE TEMP TRIGGER snapshot_key_goes_with_conversation AFTER DELETE ON main.conversation BEGIN "
    "DELETE FROM content_key WHERE id = OLD.id AND purpose = 'snapshot'; END";

} // namespace

VaultDatabase::VaultDatabase(std::unique_ptr<sqlite::Connection> connection) : m_thread(std::move(connection))
{
    // It fails only without memory, as everything after it will; the snapshots' own sweep finds what then stays behind.
    static_cast<void>(m_thread.run([](sqlite::Connection &c) { return c.execute(kKeyGoesWithConversation); }));
}

void VaultDatabase::settle(Settlement settlement)
{
    static_cast<void>(
        m_thread.run([settled = m_settled, settlement = std::move(settlement)](sqlite::Connection &) -> Status {
            settled->push_back(settlement);
            return {};
        }));
}

Async<void> VaultDatabase::close()
{
    static_cast<void>(m_thread.run([settled = m_settled](sqlite::Connection &connection) -> Status {
        if (settled->empty())
            return {};
        return sqlite::inTransaction(connection, [&] { return writeSettlements(connection, *settled); });
    }));
    return m_thread.close();
}

Status VaultDatabase::writeSettlements(sqlite::Connection &connection, const Settlements &settled)
{
    if (settled.empty())
        return {};
    auto forget = connection.prepare("DELETE FROM pending WHERE attempt = ?");
    auto remember = connection.prepare("INSERT OR IGNORE INTO audit_head (size, root) VALUES (?, ?)");
    auto prune = connection.prepare("DELETE FROM audit_head WHERE size < (SELECT size FROM audit_head "
                                    "ORDER BY size DESC LIMIT 1 OFFSET ?)");
    if (!forget || !remember || !prune)
        return !forget ? forget.error() : !remember ? remember.error() : prune.error();
    for (const Settlement &settlement : settled) {
        if (auto done = forget->bind(settlement.attempt).run(); !done)
            return done;
        if (settlement.head.size == 0)
            continue;
        if (auto done = remember->bind(settlement.head.size, settlement.head.root).run(); !done)
            return done;
    }
    return prune->bind(kHeadsKept - 1).run();
}

} // namespace tramontane
