// SPDX-License-Identifier: Apache-2.0
// Makes a database of a vault look as if a newer Tramontane had written it: its schema version becomes 999.
// usage: age_vault DIRECTORY PASSPHRASE-FILE vault.db|audit.db
#include "tests/integration/cli/open_database.h"

#include <cstdio>

using namespace tramontane;

namespace {

Status age(const std::string &directory, const std::string &passphraseFile, const std::string &database)
{
    const auto connection = test::openDatabase(directory, passphraseFile, database);
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
