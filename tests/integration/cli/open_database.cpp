// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/cli/open_database.h"

#include "app/platform/terminal/terminal.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"

namespace tramontane::test {

Result<Key32> databaseKey(const std::string &directory, const std::string &passphraseFile, const std::string &database)
{
    const vault::VaultFiles files{std::filesystem::path(directory)};
    auto passphrase = terminal::readSecretFile(passphraseFile);
    if (!passphrase)
        return passphrase.error();
    const auto slots = files.readSlots();
    if (!slots)
        return slots.error();
    const auto master =
        vault::openMaster(*slots, {SlotKind::Passphrase, std::make_shared<SecretBytes>(std::move(*passphrase))});
    if (!master)
        return master.error();
    const auto text = files.readKeys();
    if (!text)
        return text.error();
    const auto keys = vault::readKeyFile(*text, slots->vaultId, *master);
    if (!keys)
        return keys.error();
    return database == "audit.db" ? keys->audit.clone() : keys->vault.clone();
}

Result<std::unique_ptr<sqlite::Connection>> openDatabase(const std::string &directory,
                                                         const std::string &passphraseFile, const std::string &database)
{
    const auto key = databaseKey(directory, passphraseFile, database);
    if (!key)
        return key.error();
    return sqlite::Connection::open(std::filesystem::path(directory) / database, *key, {});
}

} // namespace tramontane::test
