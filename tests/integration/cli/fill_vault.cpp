// SPDX-License-Identifier: Apache-2.0
// Puts one conversation of many messages into a vault, question and answer in turns, and prints its id.
// usage: fill_vault DIRECTORY PASSPHRASE-FILE COUNT
#include "storage/repositories/conversation_rows.h"
#include "storage/repositories/message_insertion.h"
#include "storage/sqlite/transaction.h"
#include "tests/integration/cli/open_database.h"

#include <cstdio>
#include <cstdlib>

using namespace tramontane;

namespace {

constexpr std::int64_t kStartMs = 1'700'000'000'000;

Message messageNumber(int number, ConversationId conversation, MessageId parent)
{
    Message message;
    message.id = MessageId::make(kStartMs + number);
    message.conversation = conversation;
    message.parent = parent;
    message.role = number % 2 == 0 ? Role::User : Role::Assistant;
    message.createdMs = kStartMs + number;
    message.blocks.push_back({BlockKind::Text,
                              (number % 2 == 0 ? "Question number" : "Answer with **some** words, number")
                                  + std::to_string(number) + ", about the wind.",
                              {}});
    return message;
}

Status insertAll(sqlite::Connection &connection, ConversationId conversation, int count)
{
    auto made = connection.prepare("INSERT INTO conversation (id, title, system_prompt, created_ms, updated_ms) "
                                   "VALUES (?1, 'A very long conversation', '', ?2, ?2)");
    if (!made)
        return made.error();
    if (auto done = made->bind(conversation, kStartMs).run(); !done)
        return done;
    MessageId parent;
    for (int number = 0; number < count; ++number) {
        const Message message = messageNumber(number, conversation, parent);
        const auto seq = insertMessage(connection, message);
        if (!seq)
            return seq.error();
        if (message.role == Role::Assistant) {
            if (auto done = writeProvenance(connection, *seq,
                                            Provenance{.modelName = "filled", .modelSha256 = std::string(64, '0')});
                !done)
                return done;
        }
        parent = message.id;
    }
    auto shown = connection.prepare("UPDATE conversation SET leaf = ?2 WHERE id = ?1");
    return shown ? shown->bind(conversation, parent).run() : Status(shown.error());
}

Status fill(char **argv)
{
    const auto connection = test::openDatabase(argv[1], argv[2], "vault.db");
    if (!connection)
        return connection.error();
    const ConversationId conversation = ConversationId::make(kStartMs);
    auto filled =
        sqlite::inTransaction(**connection, [&] { return insertAll(**connection, conversation, std::atoi(argv[3])); });
    if (filled)
        std::puts(conversation.text().c_str());
    return filled;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4 || !initCrypto())
        return 2;
    const Status filled = fill(argv);
    if (!filled)
        std::fprintf(stderr, "%s %s\n", filled.error().message.c_str(), filled.error().detail.c_str());
    return filled ? 0 : 1;
}
