// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/repositories/sqlite_conversation_repository.h"

#include <filesystem>
#include <memory>

namespace tramontane::bench {

/// vault.db with its repository: encrypted as the product opens it, or the same library, schema and settings without a
/// key, which is plain SQLite. Failures end the program: there is nothing to measure then.
class BenchVault {
public:
    BenchVault(std::filesystem::path path, bool encrypted);
    /// Closes and opens again, as far as the first question can be asked.
    void reopen();

    [[nodiscard]] ConversationRepository &conversations() { return *m_conversations; }
    [[nodiscard]] VaultDatabase &database() { return *m_database; }
    [[nodiscard]] std::uintmax_t fileBytes() const { return std::filesystem::file_size(m_path); }

private:
    void open();

    std::filesystem::path m_path;
    bool m_encrypted;
    std::unique_ptr<VaultDatabase> m_database;
    std::unique_ptr<SqliteConversationRepository> m_conversations;
};

/// The value, or the end of the program.
template <class T>
T must(Result<T> result)
{
    if (!result)
        qFatal("vault_bench: %s (%s)", result.error().message.c_str(), result.error().detail.c_str());
    return std::move(*result);
}
inline void must(const Status &status)
{
    if (!status)
        qFatal("vault_bench: %s (%s)", status.error().message.c_str(), status.error().detail.c_str());
}

} // namespace tramontane::bench
