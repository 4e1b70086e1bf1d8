// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/page_scrub.h"

#include "storage/sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tramontane::sqlite {

namespace {

constexpr std::size_t kLeafHeader = 8;
constexpr std::size_t kInteriorHeader = 12;
constexpr std::uint32_t kPendingByte = 0x40000000; // lockByte of the file format, section 1.3: its page is never used

std::size_t number(std::span<const std::uint8_t> page, std::size_t at)
{
    return std::size_t(page[at]) << 8 | page[at + 1];
}

Error contradiction(const char *what)
{
    return Error{ErrorCode::VaultDamaged, "A database of the vault is damaged. Restore it from a backup.", what};
}

bool clear(std::span<std::uint8_t> bytes)
{
    const bool used = std::ranges::any_of(bytes, [](std::uint8_t byte) { return byte != 0; });
    std::ranges::fill(bytes, std::uint8_t(0));
    return used;
}

/// Only while free space is cleared: defensive mode forbids writing pages past the b-tree.
class PageWriting {
public:
    explicit PageWriting(sqlite3 *database) : m_database(database)
    {
        sqlite3_db_config(m_database, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    }
    ~PageWriting() { sqlite3_db_config(m_database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr); }
    PageWriting(const PageWriting &) = delete;
    PageWriting &operator=(const PageWriting &) = delete;

private:
    sqlite3 *m_database;
};

Result<std::vector<std::uint8_t>> readPage(Statement &select, std::uint32_t page)
{
    const auto row = select.bind(page).step();
    if (!row)
        return row.error();
    if (!*row)
        return contradiction("a page is missing");
    const auto bytes = select.blob(0);
    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    if (const auto end = select.step(); !end)
        return end.error();
    return copy;
}

} // namespace

Result<bool> clearUnusedBytes(std::span<std::uint8_t> page, std::size_t usable)
{
    if (usable < kInteriorHeader || usable > page.size())
        return contradiction("size of a page");
    const std::uint8_t type = page[0];
    const bool interior = type == 2 || type == 5;
    if (!interior && type != 10 && type != 13)
        return false;
    const std::size_t pointersEnd = (interior ? kInteriorHeader : kLeafHeader) + 2 * number(page, 3);
    const std::size_t content = number(page, 5) == 0 ? 65536 : number(page, 5);
    if (pointersEnd > content || content > usable)
        return contradiction("cells of a page");
    std::vector<std::span<std::uint8_t>> unused{page.subspan(pointersEnd, content - pointersEnd)};
    // Freeblocks stand in ascending order; the first four bytes of each are its own.
    for (std::size_t at = number(page, 1), before = 0; at != 0;) {
        if (at <= before || at < content || at + 4 > usable)
            return contradiction("free blocks of a page");
        const std::size_t size = number(page, at + 2);
        if (size < 4 || at + size > usable)
            return contradiction("size of a free block");
        unused.push_back(page.subspan(at + 4, size - 4));
        before = at;
        at = number(page, at);
    }
    bool found = false;
    for (const auto bytes : unused)
        found = clear(bytes) || found;
    return found;
}

Result<std::uint32_t> Connection::clearUnusedSpace(std::uint32_t firstPage, std::uint32_t pages)
{
    const auto count = queryInteger("PRAGMA page_count");
    const auto pageSize = queryInteger("PRAGMA page_size");
    if (!count || !pageSize)
        return count ? pageSize.error() : count.error();
    auto select = prepare("SELECT data FROM sqlite_dbpage('main') WHERE pgno = ?");
    auto update = prepare("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1");
    if (!select || !update)
        return select ? update.error() : select.error();
    const auto first = readPage(*select, 1);
    if (!first)
        return first.error();
    const std::size_t reserved = (*first)[20]; // file format, section 1.3.4
    const PageWriting writing(m_database);
    const auto pending = static_cast<std::uint32_t>(kPendingByte / *pageSize + 1);
    const std::uint32_t last = std::min<std::uint32_t>(static_cast<std::uint32_t>(*count), firstPage + pages - 1);
    // Page 1 holds nothing but the schema.
    for (std::uint32_t number = std::max<std::uint32_t>(firstPage, 2); number <= last; ++number) {
        if (number == pending)
            continue;
        auto page = readPage(*select, number);
        if (!page)
            return page.error();
        const auto found = clearUnusedBytes(*page, page->size() - reserved);
        if (!found)
            return found.error();
        if (!*found)
            continue;
        if (auto done = update->bind(number, std::span<const std::uint8_t>(*page)).run(); !done)
            return done.error();
    }
    return last < static_cast<std::uint32_t>(*count) ? last + 1 : 0;
}

} // namespace tramontane::sqlite
