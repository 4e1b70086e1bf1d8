// SPDX-License-Identifier: Apache-2.0
// Makes a database of a vault look as if a newer Tramontane had written it: its schema version becomes 999.
// usage: age_vault DIRECTORY PASSPHRASE-FILE vault.db|audit.db
#include "app/platform/terminal/terminal.h"
#include "storage/keys/key_file.h"
#include "storage/sqlite/connection.h"
#include "storage/vault/vault_files.h"

#include <cstdio>
#include <string>

using namespace tramontane;

namespace {

Status age(const std::string &directory, const std::string &passphraseFile, const std::string &database)
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
    const bool log = database == "audit.db";
    auto connection =
        sqlite::Connection::open(log ? files.auditDatabase : files.vaultDatabase, log ? keys->audit : keys->vault, {});
    if (!connection)
        return connection.error();
    return (*connection)->execute("PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4 || !initCrypto())
        return 2;
    const Status aged = age(argv[1], argv[2], argv[3]);
    if (!aged)
        std::fprintf(stderr, "%s\n", aged.error().message.c_str());
    return aged ? 0 : 1;
}
