// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/backup_content.h"

#include <array>
#include <utility>

namespace tramontane::vault {

Status countContent(sqlite::Connection &connection, BackupContent &content)
{
    const std::array<std::pair<const char *, std::int64_t *>, 3> tables{{{"conversation", &content.conversations},
                                                                         {"message", &content.messages},
                                                                         {"attachment", &content.attachments}}};
    for (const auto &[table, count] : tables) {
        const auto rows = connection.queryInteger("SELECT count(*) FROM " + std::string(table));
        if (!rows)
            return rows.error();
        *count = *rows;
    }
    return {};
}

} // namespace tramontane::vault
