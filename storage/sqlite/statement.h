// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "app/core/result.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tramontane::sqlite {

/// A prepared statement: bind, step, read columns. Move-only; must not outlive its Connection; the connection's thread.
/// Values are copied when bound. The first bind that fails is reported by the next step() or run(). Parameters count
/// from 1, columns from 0, as in SQLite. The statement is reset after the last row and after every error, so that no
/// read transaction stays open behind it; the destructor finalises it.
class Statement {
public:
    Statement(sqlite3 *database, sqlite3_stmt *statement) : m_database(database), m_statement(statement) {}
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    /// Binds parameters 1, 2, … in order. Integers and bool, double, text (UTF-8), bytes, ids (16 bytes; a null id is
    /// NULL), nullptr and std::optional of these.
    template <class... Values>
    Statement &bind(const Values &...values)
    {
        clear();
        int index = 0;
        (bindOne(++index, values), ...);
        return *this;
    }

    /// Binds the columns of the present row of `row` as parameters 1, 2, …, each as it is stored. `row` may belong to another
    /// connection, in the same thread.
    Statement &bindRow(const Statement &row);

    /// True: there is a row to read. False: done. Errors: as sqliteError().
    [[nodiscard]] Result<bool> step();
    /// For statements without rows: steps to the end and resets.
    [[nodiscard]] Status run();

    enum class Type { Integer, Real, Text, Blob, Null };
    [[nodiscard]] int columns() const;
    /// Of the value in the present row, before any conversion.
    [[nodiscard]] Type type(int column) const;
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    /// Valid until the next step, bind or the end of the statement. Empty for NULL.
    [[nodiscard]] std::string_view text(int column) const;
    /// As text().
    [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
    /// The null id for NULL and for bytes that are not 16 long.
    [[nodiscard]] Uuid uuid(int column) const;

private:
    void clear();
    void note(int resultCode);
    void bindOne(int index, std::nullptr_t);
    void bindOne(int index, double value);
    void bindOne(int index, std::string_view value);
    void bindOne(int index, std::span<const std::uint8_t> value);
    void bindOne(int index, const Uuid &value);
    void bindInteger(int index, std::int64_t value);
    template <std::integral T>
    void bindOne(int index, T value)
    {
        bindInteger(index, static_cast<std::int64_t>(value));
    }
    template <class Tag>
    void bindOne(int index, const Id<Tag> &value)
    {
        bindOne(index, value.uuid());
    }
    template <class T>
    void bindOne(int index, const std::optional<T> &value)
    {
        if (value)
            bindOne(index, *value);
        else
            bindOne(index, nullptr);
    }

    sqlite3 *m_database;
    sqlite3_stmt *m_statement;
    int m_bindError = 0;
};

} // namespace tramontane::sqlite
