// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/backup_rows.h"

namespace tramontane {

namespace {

constexpr std::string_view kBeforeMigration = "before_migration";

std::string_view kindName(BackupKind kind)
{
    return kind == BackupKind::File ? "file" : kBeforeMigration;
}

Error invalidId()
{
    return Error{ErrorCode::InvalidArgument, "This is not the id of a backup.", ""};
}

} // namespace

Result<std::vector<KnownBackup>> readBackups(sqlite::Connection &connection)
{
    auto select =
        connection.prepare("SELECT id, kind, path, created_ms, bytes, schema FROM backup ORDER BY created_ms, id");
    if (!select)
        return select.error();
    std::vector<KnownBackup> backups;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return backups;
        KnownBackup &backup = backups.emplace_back();
        backup.id = select->uuid(0).text();
        backup.kind = select->text(1) == kBeforeMigration ? BackupKind::BeforeMigration : BackupKind::File;
        backup.path = select->text(2);
        backup.createdMs = select->integer(3);
        backup.bytes = static_cast<std::uint64_t>(select->integer(4));
        backup.schema = static_cast<int>(select->integer(5));
    }
}

Status rememberBackup(sqlite::Connection &connection, const KnownBackup &backup)
{
    const auto id = Uuid::fromText(backup.id);
    if (!id)
        return invalidId();
    if (backup.kind == BackupKind::BeforeMigration) {
        if (auto forgotten = forgetBackups(connection, backup.kind); !forgotten)
            return forgotten;
    }
    auto insert = connection.prepare("INSERT OR REPLACE INTO backup (id, kind, path, created_ms, bytes, schema) "
                                     "VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    return insert->bind(*id, kindName(backup.kind), backup.path, backup.createdMs, backup.bytes, backup.schema).run();
}

Status forgetBackup(sqlite::Connection &connection, const std::string &id)
{
    const auto uuid = Uuid::fromText(id);
    if (!uuid)
        return invalidId();
    auto forget = connection.prepare("DELETE FROM backup WHERE id = ?");
    if (!forget)
        return forget.error();
    return forget->bind(*uuid).run();
}

Status forgetBackups(sqlite::Connection &connection, BackupKind kind)
{
    auto forget = connection.prepare("DELETE FROM backup WHERE kind = ?");
    if (!forget)
        return forget.error();
    return forget->bind(kindName(kind)).run();
}

} // namespace tramontane
