// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/content_hash.h"

#include <array>
#include <bit>
#include <string>
#include <vector>

namespace tramontane::sqlite {

namespace {

struct Table {
    std::string name;
    bool hasRowId = true;
};

void addNumber(Sha256 &hash, char kind, std::uint64_t value)
{
    std::array<std::uint8_t, 9> bytes{static_cast<std::uint8_t>(kind)};
    for (std::size_t i = 1; i < bytes.size(); ++i, value >>= 8)
        bytes[i] = static_cast<std::uint8_t>(value);
    hash.update(bytes);
}

void addValue(Sha256 &hash, const Statement &row, int column)
{
    switch (row.type(column)) {
    case Statement::Type::Null: addNumber(hash, 'n', 0); break;
    case Statement::Type::Integer: addNumber(hash, 'i', static_cast<std::uint64_t>(row.integer(column))); break;
    case Statement::Type::Real: addNumber(hash, 'r', std::bit_cast<std::uint64_t>(row.real(column))); break;
    case Statement::Type::Text:
        addNumber(hash, 't', row.text(column).size());
        hash.update(row.text(column));
        break;
    case Statement::Type::Blob:
        addNumber(hash, 'b', row.blob(column).size());
        hash.update(row.blob(column));
        break;
    }
}

Status addRows(Sha256 &hash, Connection &connection, const std::string &sql)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        addNumber(hash, '\n', 0);
        for (int column = 0; column < select->columns(); ++column)
            addValue(hash, *select, column);
    }
}

/// Those that hold rows: the virtual ones keep theirs in shadow tables, which are among these.
Result<std::vector<Table>> storedTables(Connection &connection)
{
    auto select = connection.prepare("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN "
                                     "('table', 'shadow') AND name <> 'sqlite_schema' ORDER BY name");
    if (!select)
        return select.error();
    std::vector<Table> tables;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return tables;
        tables.push_back({std::string(select->text(0)), select->integer(1) == 0});
    }
}

std::string quoted(const std::string &name)
{
    std::string text = "\"";
    for (const char letter : name)
        text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return text + "\"";
}

Error damaged(std::string detail)
{
    return Error{ErrorCode::VaultDamaged,
                 "A database of the vault is damaged: what it holds contradicts itself. Restore it from a backup.",
                 std::move(detail)};
}

Status checkIntegrity(Connection &connection)
{
    const auto whole = connection.queryText("PRAGMA integrity_check(1)");
    if (!whole)
        return whole.error();
    if (*whole != "ok")
        return damaged("integrity_check"); // its words could name content
    const auto broken = connection.queryInteger("SELECT count(*) FROM pragma_foreign_key_check");
    if (!broken)
        return broken.error();
    return *broken == 0 ? Status() : Status(damaged(std::to_string(*broken) + " rows break a foreign key"));
}

} // namespace

Result<Hash32> contentHash(Connection &connection)
{
    Sha256 hash;
    for (const char *sql : {"PRAGMA user_version", "PRAGMA application_id",
                            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"}) {
        if (auto added = addRows(hash, connection, sql); !added)
            return added.error();
    }
    const auto tables = storedTables(connection);
    if (!tables)
        return tables.error();
    for (const Table &table : *tables) {
        addNumber(hash, 'T', table.name.size());
        hash.update(table.name);
        // NOT INDEXED: the rows come in the order of the table's own key, not in that of an index that holds all columns.
        const std::string columns = table.hasRowId ? "SELECT rowid, * FROM " : "SELECT * FROM ";
        if (auto added = addRows(hash, connection, columns + quoted(table.name) + " NOT INDEXED"); !added)
            return added.error();
    }
    return hash.finish();
}

Result<CheckedDatabase> checkDatabase(const std::filesystem::path &path, const Key32 &key, std::uint32_t applicationId,
                                      const std::stop_token &stop)
{
    auto connection = Connection::open(path, key, {.mode = OpenMode::ReadOnly, .applicationId = applicationId});
    if (!connection)
        return connection.error();
    (*connection)->stopWith(stop);
    if (auto whole = checkIntegrity(**connection); !whole)
        return whole.error();
    const auto schema = (*connection)->queryInteger("PRAGMA user_version");
    if (!schema)
        return schema.error();
    const auto content = contentHash(**connection);
    if (!content)
        return content.error();
    return CheckedDatabase{*schema, *content};
}

} // namespace tramontane::sqlite
