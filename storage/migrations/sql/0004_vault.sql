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

-- == Search in titles ==
-- title_row gives each conversation the row number of its title in title_fts; conversation's own hidden one changes with
-- VACUUM. Triggers keep both in step, whoever writes.
CREATE TABLE title_row (
    seq INTEGER PRIMARY KEY,
    conversation BLOB NOT NULL UNIQUE REFERENCES conversation (id) ON DELETE CASCADE
) STRICT;
CREATE VIRTUAL TABLE title_fts USING fts5 (title, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO title_fts (title_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO title_row (conversation) SELECT id FROM conversation ORDER BY created_ms, id;
INSERT INTO title_fts (rowid, title)
    SELECT t.seq, replace(replace(c.title, char(2), ' '), char(3), ' ')
    FROM title_row t JOIN conversation c ON c.id = t.conversation;
CREATE TRIGGER title_indexed AFTER INSERT ON conversation BEGIN
    INSERT INTO title_row (conversation) VALUES (NEW.id);
    INSERT INTO title_fts (rowid, title)
        SELECT seq, replace(replace(NEW.title, char(2), ' '), char(3), ' ') FROM title_row WHERE conversation = NEW.id;
END;
CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversation WHEN NEW.title IS NOT OLD.title BEGIN
    UPDATE title_fts SET title = replace(replace(NEW.title, char(2), ' '), char(3), ' ')
        WHERE rowid = (SELECT seq FROM title_row WHERE conversation = NEW.id);
END;
CREATE TRIGGER title_gone BEFORE DELETE ON conversation BEGIN
    DELETE FROM title_fts WHERE rowid = (SELECT seq FROM title_row WHERE conversation = OLD.id);
END;
