// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_vault.h"

#include "storage/migrations/migrations.h"
#include "storage/sqlite/opener.h"

#include <sqlite3.h>

#include <array>

namespace tramontane::bench {

namespace {

std::unique_ptr<sqlite::Connection> openEncrypted(const std::filesystem::path &path)
{
    std::array<std::uint8_t, Key32::kSize> bytes{};
    bytes[0] = 1;
    const bool there = std::filesystem::exists(path);
    return must(sqlite::Connection::open(path, *Key32::fromBytes(bytes),
                                         {.mode = there ? sqlite::OpenMode::ReadWrite : sqlite::OpenMode::Create,
                                          .applicationId = migrations::kVaultApplicationId}));
}

std::unique_ptr<sqlite::Connection> openPlain(const std::filesystem::path &path)
{
    sqlite3 *database = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &database, flags, nullptr) != SQLITE_OK)
        qFatal("vault_bench: the plain database could not be opened");
    auto connection = sqlite::Connection::adopt(database);
    must(connection->execute("PRAGMA locking_mode = EXCLUSIVE"));
    must(connection->execute(sqlite::kSettings));
    must(connection->queryText("PRAGMA journal_mode = WAL"));
    return connection;
}

} // namespace

BenchVault::BenchVault(std::filesystem::path path, bool encrypted) : m_path(std::move(path)), m_encrypted(encrypted)
{
    open();
}

void BenchVault::reopen()
{
    must(m_database->close().result());
    m_conversations.reset();
    m_database.reset();
    open();
}

void BenchVault::open()
{
    auto connection = m_encrypted ? openEncrypted(m_path) : openPlain(m_path);
    must(migrations::migrate(*connection, migrations::vaultMigrations()));
    m_database = std::make_unique<VaultDatabase>(std::move(connection));
    m_conversations = std::make_unique<SqliteConversationRepository>(*m_database);
}

} // namespace tramontane::bench
