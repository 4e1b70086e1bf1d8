// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/audit_schema.h"

#include "storage/sqlite/transaction.h"

namespace tramontane::audit_store {
namespace {

// `body` is the record; the generated columns only make it searchable, so they can never say anything else than it.
// json_valid() keeps a body that somebody damaged from making the whole table unreadable.
constexpr const char *kTables = R"sql(
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    log TEXT NOT NULL,
    created TEXT NOT NULL
) STRICT;
CREATE TABLE audit_entry (
    seq INTEGER PRIMARY KEY,
    leaf BLOB NOT NULL CHECK (length(leaf) = 32),
    body BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    head_signature BLOB NOT NULL CHECK (length(head_signature) = 64),
    time TEXT AS (CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.time') END),
    event TEXT AS (CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.event') END),
    outcome TEXT AS (CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.outcome') END),
    corr TEXT AS (CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.corr') END)
) STRICT;
CREATE INDEX audit_entry_event ON audit_entry (event);
CREATE INDEX audit_entry_corr ON audit_entry (corr);
CREATE TABLE audit_node (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_checkpoint (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    time TEXT NOT NULL,
    anchors TEXT NOT NULL
) STRICT;
CREATE TABLE audit_epoch (
    n INTEGER PRIMARY KEY,
    pubkey BLOB NOT NULL CHECK (length(pubkey) = 32),
    mac_commit BLOB NOT NULL CHECK (length(mac_commit) = 32),
    started TEXT NOT NULL
) STRICT;
CREATE TABLE audit_epoch_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n INTEGER NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
)sql";

// REPLACE removes the old row without a DELETE trigger, so a second row of the same key is refused before it comes in.
constexpr const char *kInsertTriggers = R"sql(
CREATE TRIGGER audit_log_once BEFORE INSERT ON audit_log WHEN EXISTS (SELECT 1 FROM audit_log)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit_entry)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_node_new BEFORE INSERT ON audit_node
    WHEN EXISTS (SELECT 1 FROM audit_node WHERE level = NEW.level AND idx = NEW.idx)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_checkpoint_new BEFORE INSERT ON audit_checkpoint
    WHEN EXISTS (SELECT 1 FROM audit_checkpoint WHERE size >= NEW.size)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_epoch_next BEFORE INSERT ON audit_epoch
    WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM audit_epoch)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_epoch_key_once BEFORE INSERT ON audit_epoch_key WHEN EXISTS (SELECT 1 FROM audit_epoch_key)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_epoch_key_step BEFORE UPDATE ON audit_epoch_key WHEN NEW.n <> OLD.n + 1
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_epoch_key_keep BEFORE DELETE ON audit_epoch_key
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
)sql";

std::string appendOnlyTriggers()
{
    std::string sql;
    for (const std::string table : {"audit_log", "audit_entry", "audit_node", "audit_checkpoint", "audit_epoch"}) {
        for (const std::string act : {"UPDATE", "DELETE"}) {
            sql += "CREATE TRIGGER " + table + (act == "UPDATE" ? "_no_update" : "_no_delete") + " BEFORE " + act
                   + " ON " + table + " BEGIN SELECT RAISE(ABORT, 'append-only'); END;\n";
        }
    }
    return sql;
}

} // namespace

Status createSchema(sqlite::Connection &connection, const std::string &logId, const std::string &created)
{
    return sqlite::inTransaction(connection, [&]() -> Status {
        for (const std::string &sql : {std::string(kTables), std::string(kInsertTriggers), appendOnlyTriggers(),
                                       "PRAGMA user_version = " + std::to_string(kSchemaVersion)}) {
            if (Status status = connection.execute(sql); !status)
                return status;
        }
        auto insert = connection.prepare("INSERT INTO audit_log (id, log, created) VALUES (1, ?, ?)");
        if (!insert)
            return insert.error();
        return insert->bind(logId, created).run();
    });
}

Status checkSchema(sqlite::Connection &connection)
{
    const Result<std::int64_t> version = connection.queryInteger("PRAGMA user_version");
    if (!version)
        return version.error();
    if (version.value() > kSchemaVersion) {
        return Error{ErrorCode::VaultNewerSchema,
                     "The audit log was written by a newer version of Tramontane. Install that version to open it.",
                     "audit.db: schema " + std::to_string(version.value())};
    }
    if (version.value() != kSchemaVersion) {
        return Error{ErrorCode::VaultDamaged, "The audit log is incomplete. Restore the vault from a backup.",
                     "audit.db: schema " + std::to_string(version.value())};
    }
    return {};
}

} // namespace tramontane::audit_store
