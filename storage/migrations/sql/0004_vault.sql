-- SPDX-License-Identifier: Apache-2.0
-- Version 4.

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
