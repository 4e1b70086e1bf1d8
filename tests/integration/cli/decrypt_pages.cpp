// SPDX-License-Identifier: Apache-2.0
// Every page of a database of a vault that nobody has open, and of its write-ahead log, decrypted, to standard output.
// usage: decrypt_pages DIRECTORY PASSPHRASE-FILE vault.db|audit.db
#include "tests/integration/cli/open_database.h"
#include "tests/support/pages/decrypted_pages.h"

#include <cstdio>

using namespace tramontane;

int main(int argc, char **argv)
{
    if (argc != 4 || !initCrypto())
        return 2;
    const auto key = test::databaseKey(argv[1], argv[2], argv[3]);
    if (!key) {
        std::fprintf(stderr, "%s\n", key.error().message.c_str());
        return 1;
    }
    for (const std::string &page : test::decryptedPages(std::filesystem::path(argv[1]) / argv[3], *key)) {
        if (std::fwrite(page.data(), 1, page.size(), stdout) != page.size())
            return 1;
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}
