-- SPDX-License-Identifier: Apache-2.0
-- A model of the catalogue can be a reranker. SQLite cannot change a CHECK, so the table is made anew.
CREATE TABLE model_with_rerankers (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    architecture TEXT NOT NULL,
    quantisation TEXT NOT NULL,
    licence TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'embedding', 'reranker')),
    file_bytes INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    context_length INTEGER NOT NULL,
    layers INTEGER NOT NULL,
    embedding_length INTEGER NOT NULL,
    vocabulary INTEGER NOT NULL,
    has_template INTEGER NOT NULL CHECK (has_template IN (0, 1)),
    imported_ms INTEGER NOT NULL
) STRICT;
INSERT INTO model_with_rerankers SELECT * FROM model;
DROP TABLE model;
ALTER TABLE model_with_rerankers RENAME TO model;
