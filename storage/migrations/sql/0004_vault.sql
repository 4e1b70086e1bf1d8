-- SPDX-License-Identifier: Apache-2.0
-- == Deleting with undo, erasing, legal holds, retention ==

-- In the bin since then; NULL: not deleted. Nothing but the list of the bin shows such a conversation.
ALTER TABLE conversation ADD COLUMN deleted_ms INTEGER;
CREATE INDEX conversation_by_deletion ON conversation (deleted_ms) WHERE deleted_ms IS NOT NULL;

-- The erasure whose rows are gone, but whose files, free pages or closing record are not done yet; NULL: all is done.
ALTER TABLE erasure ADD COLUMN attempt BLOB CHECK (attempt IS NULL OR length(attempt) = 16);
CREATE INDEX erasure_by_attempt ON erasure (attempt) WHERE attempt IS NOT NULL;

-- Without ON DELETE: the database itself refuses to remove what is held.
CREATE TABLE hold (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    conversation BLOB REFERENCES conversation (id),
    folder BLOB REFERENCES folder (id),
    reason TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_ms INTEGER NOT NULL,
    CHECK ((conversation IS NULL) <> (folder IS NULL))
) STRICT;
CREATE INDEX hold_by_conversation ON hold (conversation);
CREATE INDEX hold_by_folder ON hold (folder);

-- `folder` NULL: for everything that no folder's own rule is for. The nearest folder upwards counts.
CREATE TABLE retention_rule (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    folder BLOB REFERENCES folder (id) ON DELETE CASCADE,
    days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 36500),
    action TEXT NOT NULL CHECK (action IN ('delete', 'erase'))
) STRICT;
CREATE UNIQUE INDEX retention_rule_by_folder ON retention_rule (coalesce(folder, x''));
CREATE INDEX retention_rule_by_parent ON retention_rule (folder);

-- What each run did, by ids and counts only.
CREATE TABLE retention_report (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    ran_ms INTEGER NOT NULL,
    report TEXT NOT NULL
) STRICT;

-- == Backups ==

-- What this vault knows of the copies that were made of it, so that erasure can say which of them still hold a
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
