// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/failing_memory.h"

#include <sqlite3.h>

#include <atomic>

namespace tramontane::test::failing_memory {

namespace {

sqlite3_mem_methods s_system{};
std::atomic<std::uint64_t> s_nth = 0;
std::atomic<std::uint64_t> s_counted = 0;
std::atomic<bool> s_sticky = false;
std::atomic<bool> s_struck = false;

bool refuses()
{
    const std::uint64_t nth = s_nth;
    if (nth == 0)
        return false;
    const std::uint64_t count = ++s_counted;
    const bool refused = count == nth || (s_sticky && count > nth);
    if (refused)
        s_struck = true;
    return refused;
}

void *allocate(int bytes)
{
    return refuses() ? nullptr : s_system.xMalloc(bytes);
}

void *reallocate(void *memory, int bytes)
{
    return refuses() ? nullptr : s_system.xRealloc(memory, bytes);
}

} // namespace

bool use()
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &s_system) != SQLITE_OK)
        return false;
    sqlite3_mem_methods methods = s_system;
    methods.xMalloc = allocate;
    methods.xRealloc = reallocate;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK;
}

void failAt(std::uint64_t nth, bool sticky)
{
    s_nth = 0;
    s_counted = 0;
    s_struck = false;
    s_sticky = sticky;
    s_nth = nth;
}

bool struck()
{
    return s_struck;
}

} // namespace tramontane::test::failing_memory
