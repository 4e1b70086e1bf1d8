// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "storage/sqlite/connection.h"
#include "tests/bench/vault_text.h"

#include <cstdint>
#include <vector>

/// Conversations as they are measured. The inserting functions run inside the caller's transaction, in the thread of the
/// connection. Errors: as sqliteError().
namespace tramontane::bench {

inline constexpr std::int64_t kStartMs = 1'700'000'000'000;
inline constexpr std::int64_t kStepMs = 600'000; // ten minutes from message to message: 100,000 are two years
inline constexpr int kBatch = 1000;

struct Content {
    std::vector<Conversation> conversations;
    std::vector<Message> messages; // conversation by conversation, each a chain
};

/// Questions of 5 to 40 words and answers of 20 to 220.
[[nodiscard]] Content makeContent(Words &words, int messages, int conversations);

[[nodiscard]] Status insertConversations(sqlite::Connection &connection, const std::vector<Conversation> &all);
/// kBatch of them, or those that are left.
[[nodiscard]] Status insertMessages(sqlite::Connection &connection, const std::vector<Message> &all, std::size_t from);
/// Once the messages are there.
[[nodiscard]] Status showLeaves(sqlite::Connection &connection, const std::vector<Conversation> &all);

} // namespace tramontane::bench
