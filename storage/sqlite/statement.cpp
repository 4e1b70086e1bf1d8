// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/statement.h"

#include "storage/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <utility>

namespace tramontane::sqlite {

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_statement(std::exchange(other.m_statement, nullptr)),
      m_bindError(other.m_bindError)
{
}

Statement &Statement::operator=(Statement &&other) noexcept
{
    if (this != &other) {
        sqlite3_finalize(m_statement);
        m_database = other.m_database;
        m_statement = std::exchange(other.m_statement, nullptr);
        m_bindError = other.m_bindError;
    }
    return *this;
}

Result<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK) {
        const int code = std::exchange(m_bindError, SQLITE_OK);
        sqlite3_reset(m_statement);
        return sqliteError(m_database, code, "binding a value");
    }
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    // sqlite3_reset repeats the code of a failed step; the extended one has to be read before it.
    const int extended = code == SQLITE_DONE ? SQLITE_OK : sqlite3_extended_errcode(m_database);
    Result<bool> result = false;
    if (code != SQLITE_DONE)
        result = sqliteError(m_database, extended != SQLITE_OK ? extended : code, "running a statement");
    sqlite3_reset(m_statement);
    return result;
}

Status Statement::run()
{
    const auto row = step();
    sqlite3_reset(m_statement);
    if (!row)
        return row.error();
    return {};
}

int Statement::columns() const
{
    return sqlite3_column_count(m_statement);
}

Statement::Type Statement::type(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_INTEGER: return Type::Integer;
    case SQLITE_FLOAT: return Type::Real;
    case SQLITE_TEXT: return Type::Text;
    case SQLITE_BLOB: return Type::Blob;
    default: return Type::Null;
    }
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string_view Statement::text(int column) const
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

std::span<const std::uint8_t> Statement::blob(int column) const
{
    const auto *data = static_cast<const std::uint8_t *>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return data ? std::span(data, static_cast<std::size_t>(size)) : std::span<const std::uint8_t>();
}

Uuid Statement::uuid(int column) const
{
    const auto bytes = blob(column);
    const std::string_view view(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    return Uuid::fromBytes(view).value_or(Uuid());
}

Statement &Statement::bindRow(const Statement &row)
{
    clear();
    for (int column = 0; column < row.columns(); ++column)
        note(sqlite3_bind_value(m_statement, column + 1, sqlite3_column_value(row.m_statement, column)));
    return *this;
}

void Statement::clear()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_bindError = SQLITE_OK;
}

void Statement::note(int resultCode)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = resultCode;
}

void Statement::bindOne(int index, std::nullptr_t)
{
    note(sqlite3_bind_null(m_statement, index));
}

void Statement::bindInteger(int index, std::int64_t value)
{
    note(sqlite3_bind_int64(m_statement, index, value));
}

void Statement::bindOne(int index, double value)
{
    note(sqlite3_bind_double(m_statement, index, value));
}

void Statement::bindOne(int index, std::string_view value)
{
    // A null pointer would store NULL; an empty text is a text.
    const char *data = value.data() ? value.data() : "";
    note(sqlite3_bind_text64(m_statement, index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bindOne(int index, std::span<const std::uint8_t> value)
{
    const void *data = value.data() ? static_cast<const void *>(value.data()) : "";
    note(sqlite3_bind_blob64(m_statement, index, data, value.size(), SQLITE_TRANSIENT));
}

void Statement::bindOne(int index, const Uuid &value)
{
    if (value.isNull())
        bindOne(index, nullptr);
    else
        bindOne(index, std::span<const std::uint8_t>(value.bytes()));
}

} // namespace tramontane::sqlite
