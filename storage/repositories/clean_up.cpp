// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/clean_up.h"

#include "storage/repositories/index_compaction.h"
#include "storage/sqlite/transaction.h"

namespace tramontane {

namespace {

/// 2 MiB: at most so much is written in one step.
constexpr std::uint32_t kPagesAtOnce = 512;

} // namespace

Result<bool> ErasureCleanUp::step(sqlite::Connection &connection)
{
    if (!m_indexes) {
        auto indexes = fullTextIndexes(connection);
        if (!indexes)
            return indexes.error();
        m_indexes = std::move(*indexes);
    }
    if (!m_indexes->empty()) {
        const auto done = compactNext(connection);
        return done ? Result<bool>(true) : done.error();
    }
    if (m_page != 0) {
        const auto done = clearNext(connection);
        return done ? Result<bool>(true) : done.error();
    }
    const auto emptied = connection.checkpoint();
    return emptied ? Result<bool>(false) : emptied.error();
}

Status ErasureCleanUp::compactNext(sqlite::Connection &connection)
{
    const auto more = compactIndex(connection, m_indexes->back(), !m_begun);
    if (!more)
        return more.error();
    m_begun = *more;
    if (!*more)
        m_indexes->pop_back();
    return {};
}

Status ErasureCleanUp::clearNext(sqlite::Connection &connection)
{
    const auto next =
        sqlite::inTransaction(connection, [&] { return connection.clearUnusedSpace(m_page, kPagesAtOnce); });
    if (!next)
        return next.error();
    m_page = *next;
    return {};
}

Status cleanUpAtOnce(sqlite::Connection &connection)
{
    ErasureCleanUp work;
    for (;;) {
        const auto more = work.step(connection);
        if (!more)
            return more.error();
        if (!*more)
            return {};
    }
}

} // namespace tramontane
