// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/table_sizes.h"

#include <algorithm>
#include <array>

namespace tramontane {

namespace {

using Tables = std::pair<std::string_view, StoragePart>;
constexpr std::array<Tables, 18> kTables{{{"answer_provenance", StoragePart::Messages},
                                          {"block", StoragePart::Messages},
                                          {"conversation", StoragePart::Messages},
                                          {"conversation_label", StoragePart::Messages},
                                          {"folder", StoragePart::Messages},
                                          {"label", StoragePart::Messages},
                                          {"message", StoragePart::Messages},
                                          {"pending", StoragePart::Messages},
                                          {"salt", StoragePart::Messages},
                                          {"stream_part", StoragePart::Messages},
                                          {"attachment", StoragePart::Messages},
                                          {"title_row", StoragePart::MessageIndex},
                                          {"collection", StoragePart::Documents},
                                          {"document", StoragePart::Documents},
                                          {"document_version", StoragePart::Documents},
                                          {"page", StoragePart::Documents},
                                          {"chunk", StoragePart::Documents},
                                          {"chunk_vector", StoragePart::Vectors}}};

} // namespace

Result<std::vector<std::string>> tableNames(sqlite::Connection &connection)
{
    auto select = connection.prepare("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE rootpage > 0");
    if (!select)
        return select.error();
    std::vector<std::string> names;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return names;
        names.emplace_back(select->text(0));
    }
}

Result<std::uint64_t> tableBytes(sqlite::Connection &connection, const std::string &table)
{
    auto select = connection.prepare("SELECT coalesce(sum(d.pgsize), 0) FROM sqlite_schema s JOIN dbstat d "
                                     "ON d.name = s.name AND d.aggregate = 1 WHERE s.tbl_name = ? AND s.rootpage > 0");
    if (!select)
        return select.error();
    const auto row = select->bind(table).step();
    if (!row)
        return row.error();
    return static_cast<std::uint64_t>(select->integer(0));
}

StoragePart partOfTable(std::string_view table)
{
    if (table.starts_with("message_fts") || table.starts_with("title_fts"))
        return StoragePart::MessageIndex;
    if (table.starts_with("chunk_fts"))
        return StoragePart::DocumentIndex;
    const auto found = std::ranges::find(kTables, table, &Tables::first);
    return found == kTables.end() ? StoragePart::OtherTables : found->second;
}

Result<PageUse> pageUse(sqlite::Connection &connection)
{
    const auto size = connection.queryInteger("PRAGMA page_size");
    const auto all = connection.queryInteger("PRAGMA page_count");
    const auto free = connection.queryInteger("PRAGMA freelist_count");
    const auto messages = connection.queryInteger("SELECT count(*) FROM message");
    for (const auto *one : {&size, &all, &free, &messages}) {
        if (!*one)
            return one->error();
    }
    return PageUse{static_cast<std::uint64_t>(*all * *size), static_cast<std::uint64_t>(*free * *size), *messages};
}

} // namespace tramontane
