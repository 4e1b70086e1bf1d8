// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/storage/interrupted.h"

#include "app/platform/files/durable_file.h"
#include "storage/migrations/migrations.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/faults/vault_content.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

struct Keys {
    vault::SlotFile slots;
    vault::MasterKey master;
    vault::DataKeys data;
};

Result<Keys> readKeys(const VaultPlace &place)
{
    const vault::VaultFiles files(place.folder());
    auto slots = files.readSlots();
    if (!slots)
        return slots.error();
    auto master = vault::openMaster(*slots, place.secret());
    if (!master)
        return master.error();
    const auto text = files.readKeys();
    if (!text)
        return text.error();
    auto data = vault::readKeyFile(*text, slots->vaultId, *master);
    if (!data)
        return data.error();
    return Keys{std::move(*slots), std::move(*master), std::move(*data)};
}

/// In every schema so far. The words are of all lengths, and each stands once, so that the index is as large as the text.
std::vector<std::string> rowsOf(int conversations, const std::string &word)
{
    return {"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(conversations)
                + ") INSERT INTO conversation (id, title, system_prompt, created_ms, updated_ms) "
                  "SELECT randomblob(16), '"
                + word + " ' || i, 'Be brief.', 10000 + i, 10000 + i FROM n",
            "INSERT INTO message (id, conversation, branch_order, role, state, created_ms) "
            "SELECT randomblob(16), id, 0, 'user', 'complete', created_ms FROM conversation "
            "WHERE id NOT IN (SELECT conversation FROM message)",
            "INSERT INTO block (message, position, kind, text, detail) "
            "SELECT seq, 0, 'text', '"
                + std::string(kCommonWord) + " " + word
                + " ' || replace(lower(hex(randomblob(2500))), '7', ' '), '' FROM message "
                  "WHERE seq NOT IN (SELECT message FROM block)",
            "INSERT INTO message_fts (rowid, text) SELECT message, text FROM block "
            "WHERE message NOT IN (SELECT rowid FROM message_fts)",
            "UPDATE conversation SET leaf = (SELECT id FROM message WHERE conversation = conversation.id) "
            "WHERE leaf IS NULL"};
}

} // namespace

Status addRows(sqlite::Connection &connection, int conversations, const std::string &word)
{
    return sqlite::inTransaction(connection, [&]() -> Status {
        for (const std::string &sql : rowsOf(conversations, word)) {
            if (auto done = connection.execute(sql); !done)
                return done;
        }
        return {};
    });
}

Status makeOlderVault(VaultPlace &place, int version, int conversations)
{
    const auto made = place.create();
    if (!made)
        return made.error();
    if (auto closed = (*made)->close().result(); !closed)
        return closed;
    auto keys = readKeys(place);
    if (!keys)
        return keys.error();
    const vault::VaultFiles files(place.folder());
    keys->data.vault = VaultFixture::fixedKey();
    if (auto written =
            files::replaceFile(files.keys, vault::keyFileText(keys->slots.vaultId, keys->data, keys->master));
        !written)
        return written;
    fs::copy_file(fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/vaults" / ("schema-" + std::to_string(version))
                      / "vault.db",
                  files.vaultDatabase, fs::copy_options::overwrite_existing);
    const auto connection = openDatabase(place);
    if (!connection)
        return connection.error();
    if (auto filled = addRows(**connection, conversations, "wind"); !filled)
        return filled;
    return (*connection)->close();
}

Result<vault::DataKeys> dataKeysOf(const VaultPlace &place)
{
    auto keys = readKeys(place);
    if (!keys)
        return keys.error();
    return std::move(keys->data);
}

Result<std::unique_ptr<sqlite::Connection>> openDatabase(const VaultPlace &place)
{
    const auto keys = dataKeysOf(place);
    if (!keys)
        return keys.error();
    return sqlite::Connection::open(vault::VaultFiles(place.folder()).vaultDatabase, keys->vault,
                                    {.applicationId = migrations::kVaultApplicationId});
}

bool hasHalfMadeFiles(const VaultPlace &place)
{
    for (const char *name : {"vault.db.next", "keys.json.next", "before-migration.db.next"})
        if (fs::exists(place.folder() / name))
            return true;
    return false;
}

std::string strangersIn(const VaultPlace &place, const std::set<std::string> &also)
{
    const std::set<std::string> usual{"attachments", "audit-archive", "audit-outbox", "audit.db", "keys.json",
                                      "lock",        "slots.json",    "snapshots",    "vault.db"};
    std::string found;
    for (const auto &entry : fs::directory_iterator(place.folder())) {
        const std::string name = entry.path().filename().string();
        // What a file was being replaced with has no meaning yet: the next time it is overwritten.
        if (!usual.contains(name) && !also.contains(name) && !name.ends_with(".new"))
            found += (found.empty() ? "left beside the vault: " : ", ") + name;
    }
    return found;
}

} // namespace tramontane::test
