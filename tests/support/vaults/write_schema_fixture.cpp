// SPDX-License-Identifier: Apache-2.0
// usage: write_schema_fixture FOLDER: writes FOLDER/vault.db in the newest schema, with two conversations, under the
// key 00 01 02 … 1f. tests/unit/storage/migrations reads it.
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <cstdio>

using namespace tramontane;
using namespace tramontane::test;

namespace {

bool fill(ConversationRepository &conversations)
{
    const auto first = questionIn({}, {}, "Which wind is called Mistral?", 1'000);
    const auto second = questionIn({}, {}, "Where does the tramontane blow?", 3'000);
    if (!conversations.storeQuestion(first).result() || !conversations.storeQuestion(second).result())
        return false;
    auto answer = answerTo(first, "The Mistral is a cold, dry wind of the Rhône valley.", 2'000);
    answer.provenance =
        Provenance{.modelName = "example", .modelSha256 = std::string(64, '0'), .device = "CPU, 2 threads"};
    auto again = first;
    again.attempt = AttemptId::make(4'000);
    again.newConversation = false;
    again.question.reset();
    again.answer = MessageId::make(4'000);
    auto version = answerTo(again, "A wind from the north.", 5'000);
    return conversations.storeAnswer(answer).result() && conversations.storeQuestion(again).result()
           && conversations.storeAnswer(version).result()
           && conversations.storeAnswer(answerTo(second, "Over the Gulf of Lion.", 4'000)).result()
           && conversations.appendStreamParts({}).result();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2 || !initCrypto())
        return 2;
    VaultFixture vault(argv[1]);
    if (!fill(vault.conversations()) || !vault.database().close().result()) {
        std::fputs("The fixture could not be written.\n", stderr);
        return 1;
    }
    return 0;
}
