// SPDX-License-Identifier: Apache-2.0
// Writes tests/data/formats/backup-v1.backup: `write_backup_fixture FILE`. Only for a new version of the format.
#include "app/contracts/backup_store.h"
#include "tests/unit/storage/vault/vault_directory_fixture.h"

#include <QCoreApplication>

using namespace tramontane;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 2 || !initCrypto())
        return 2;
    const test::VaultDirectory place;
    const auto vault = place.create();
    test::addConversations(vault->conversations(), 2, 40);
    const auto made = vault->backups().create(argv[1], {}).result();
    if (!made)
        qWarning("%s", made.error().message.c_str());
    return made && vault->close().result() ? 0 : 1;
}
