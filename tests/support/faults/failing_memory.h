// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// SQLite's memory, of which the n-th request can be refused (SQLITE_CONFIG_MALLOC). Any thread.
namespace tramontane::test::failing_memory {

/// Once a process, before anything else of SQLite. False when SQLite refuses.
[[nodiscard]] bool use();
/// Counts anew; the `nth` request from now on fails, with `sticky` all after it, too. 0: none.
void failAt(std::uint64_t nth, bool sticky);
/// Whether a request was refused.
[[nodiscard]] bool struck();

} // namespace tramontane::test::failing_memory
