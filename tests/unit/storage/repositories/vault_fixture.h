// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/migrations/migrations.h"
#include "storage/repositories/sqlite_conversation_repository.h"

#include <array>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>

namespace tramontane::test {

/// A vault.db in `folder`, opened or made, with its repository.
class VaultFixture {
public:
    explicit VaultFixture(const std::filesystem::path &folder) : m_path(folder / "vault.db") { open(); }

    void open()
    {
        const bool there = std::filesystem::exists(m_path);
        const sqlite::OpenOptions options{.mode = there ? sqlite::OpenMode::ReadWrite : sqlite::OpenMode::Create,
                                          .applicationId = migrations::kVaultApplicationId};
        auto connection = sqlite::Connection::open(m_path, m_key, options);
        if (!connection || !migrations::migrate(**connection, migrations::vaultMigrations()))
            qFatal("no database for the test: %s", connection ? "schema" : connection.error().detail.c_str());
        m_database = std::make_unique<VaultDatabase>(std::move(*connection));
        m_conversations = std::make_unique<SqliteConversationRepository>(*m_database);
    }
    /// As closing the program does it.
    bool reopen()
    {
        const bool closed = m_database->close().result().ok();
        m_conversations.reset();
        m_database.reset();
        open();
        return closed;
    }
    /// As a crash would leave it: what is not written is lost.
    void copyTo(const std::filesystem::path &folder) const
    {
        std::filesystem::copy_file(m_path, folder / "vault.db");
        std::filesystem::path wal = m_path;
        std::filesystem::copy_file(wal += "-wal", folder / "vault.db-wal");
    }

    /// The bytes 0, 1, … 31: also the key of tests/data/vaults/schema-*.
    static Key32 fixedKey()
    {
        std::array<std::uint8_t, Key32::kSize> bytes;
        std::iota(bytes.begin(), bytes.end(), std::uint8_t(0));
        return *Key32::fromBytes(bytes);
    }

    VaultDatabase &database() { return *m_database; }
    ConversationRepository &conversations() { return *m_conversations; }
    std::int64_t count(const std::string &sql)
    {
        return *m_database->read([sql](sqlite::Connection &c, const auto &) { return c.queryInteger(sql); }).result();
    }

private:
    std::filesystem::path m_path;
    Key32 m_key = fixedKey();
    std::unique_ptr<VaultDatabase> m_database;
    std::unique_ptr<SqliteConversationRepository> m_conversations;
};

inline Message textMessage(ConversationId conversation, MessageId parent, Role role, const std::string &text,
                           std::int64_t nowMs = 1000)
{
    Message message;
    message.id = MessageId::make(nowMs);
    message.conversation = conversation;
    message.parent = parent;
    message.role = role;
    message.createdMs = nowMs;
    if (!text.empty())
        message.blocks.push_back({BlockKind::Text, text, {}});
    return message;
}

/// Step 1 for a question below `parent`; a null conversation id makes a new one.
inline QuestionToStore questionIn(ConversationId conversation, MessageId parent, const std::string &text,
                                  std::int64_t nowMs = 1000)
{
    QuestionToStore store;
    store.attempt = AttemptId::make(nowMs);
    store.newConversation = conversation.isNull();
    store.conversation.id = store.newConversation ? ConversationId::make(nowMs) : conversation;
    store.conversation.title = "A title";
    store.conversation.systemPrompt = "Be brief.";
    store.conversation.createdMs = store.conversation.updatedMs = nowMs;
    store.question = textMessage(store.conversation.id, parent, Role::User, text, nowMs);
    store.answer = MessageId::make(nowMs);
    store.answerParent = store.question->id;
    store.nowMs = nowMs;
    return store;
}

inline AnswerToStore answerTo(const QuestionToStore &question, const std::string &text, std::int64_t nowMs = 2000)
{
    AnswerToStore answer{question.attempt,
                         textMessage(question.conversation.id, question.answerParent, Role::Assistant, text, nowMs),
                         {}};
    answer.message.id = question.answer;
    return answer;
}

} // namespace tramontane::test
