-- SPDX-License-Identifier: Apache-2.0

-- Backups. What this vault knows of the copies that were made of it, so that erasure can say which of them still hold a
-- text. `created_ms` is the moment whose content the copy has. A file may be gone or lie elsewhere by now.
CREATE TABLE backup (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('file', 'before_migration')),
    path TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    schema INTEGER NOT NULL CHECK (schema > 0)
) STRICT;
CREATE INDEX backup_by_time ON backup (created_ms);
