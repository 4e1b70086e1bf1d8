-- SPDX-License-Identifier: Apache-2.0
-- vault.db, version 1. Ids are UUIDs as 16 bytes; times are milliseconds since 1970 UTC; texts are UTF-8.
-- Names of kinds, roles and states are those of app/core. Deleting takes what belongs to a row along.

CREATE TABLE folder (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    parent BLOB REFERENCES folder (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE label (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE,
    rank INTEGER NOT NULL DEFAULT 0
) STRICT;

-- `leaf` is the last message of the branch that is shown.
CREATE TABLE conversation (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    folder BLOB REFERENCES folder (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    system_prompt TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    leaf BLOB REFERENCES message (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX conversation_by_update ON conversation (updated_ms DESC, id DESC);
CREATE INDEX conversation_by_folder ON conversation (folder);
CREATE INDEX conversation_by_leaf ON conversation (leaf);

CREATE TABLE conversation_label (
    conversation BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    label BLOB NOT NULL REFERENCES label (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_label_by_label ON conversation_label (label);

-- A tree: messages with one parent are versions of each other, in branch_order. `seq` is the row of message_fts.
-- No cascade along `parent`: a long conversation would reach the depth limit of triggers.
CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    conversation BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent BLOB REFERENCES message (id) DEFERRABLE INITIALLY DEFERRED,
    branch_order INTEGER NOT NULL CHECK (branch_order >= 0),
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
    state TEXT NOT NULL CHECK (state IN ('complete', 'stopped', 'length', 'cut_off', 'failed')),
    created_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_by_parent ON message (parent, branch_order) WHERE parent IS NOT NULL;
CREATE UNIQUE INDEX message_by_root ON message (conversation, branch_order) WHERE parent IS NULL;
CREATE INDEX message_by_conversation ON message (conversation);

CREATE TABLE block (
    message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'code', 'reasoning', 'tool_call', 'tool_result', 'image', 'citation',
                                       'error', 'notice')),
    text TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE message_fts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO message_fts (message_fts, rank) VALUES ('secure-delete', 1);

CREATE TABLE answer_provenance (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    model_name TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    quantisation TEXT NOT NULL,
    template_sha256 TEXT NOT NULL,
    parameters_json TEXT NOT NULL,
    mode_json TEXT NOT NULL,
    context_json TEXT NOT NULL,
    device TEXT NOT NULL,
    layers_on_device INTEGER NOT NULL,
    layers_total INTEGER NOT NULL,
    engine_build TEXT NOT NULL,
    policy_sha256 TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    answer_tokens INTEGER NOT NULL,
    first_token_ms INTEGER NOT NULL,
    total_ms INTEGER NOT NULL,
    tokens_per_second REAL NOT NULL,
    energy_millijoule INTEGER
) STRICT;

-- Attempts that are not settled yet, and the text of their answers as it streams in. `shown_leaf` is the leaf that the
-- conversation had when the question was stored: only if it is still shown does the answer become the new leaf.
CREATE TABLE pending (
    attempt BLOB NOT NULL PRIMARY KEY CHECK (length(attempt) = 16),
    stage TEXT NOT NULL CHECK (stage IN ('asked', 'answered')),
    conversation BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    answer BLOB NOT NULL UNIQUE CHECK (length(answer) = 16),
    answer_parent BLOB,
    shown_leaf BLOB,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_by_conversation ON pending (conversation);

CREATE TABLE stream_part (
    answer BLOB NOT NULL REFERENCES pending (answer) ON DELETE CASCADE,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (answer, sequence)
) STRICT, WITHOUT ROWID;

-- The heads of the audit log that this vault has acknowledged.
CREATE TABLE audit_head (
    size INTEGER NOT NULL CHECK (size > 0),
    root TEXT NOT NULL CHECK (length(root) = 64),
    PRIMARY KEY (size, root)
) STRICT, WITHOUT ROWID;

-- Salts of the commitments in the log. Erasing the salt makes a commitment say nothing.
CREATE TABLE salt (
    ref BLOB NOT NULL CHECK (length(ref) = 16),
    purpose TEXT NOT NULL CHECK (purpose IN ('content', 'title', 'document', 'chunk')),
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    PRIMARY KEY (ref, purpose)
) STRICT, WITHOUT ROWID;

-- Keys of what lies outside this file, each wrapped by a data key of keys.json.
CREATE TABLE content_key (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    purpose TEXT NOT NULL CHECK (purpose IN ('attachment', 'snapshot', 'released')),
    key_version INTEGER NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 24),
    wrapped BLOB NOT NULL CHECK (length(wrapped) = 48),
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE attachment (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    content_key BLOB NOT NULL REFERENCES content_key (id)
) STRICT;
CREATE INDEX attachment_by_message ON attachment (message);
CREATE INDEX attachment_by_key ON attachment (content_key);

-- What was erased, by id only; applied to every backup that is restored.
CREATE TABLE erasure (
    ref BLOB NOT NULL PRIMARY KEY CHECK (length(ref) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('conversation', 'message', 'document', 'attachment')),
    erased_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    architecture TEXT NOT NULL,
    quantisation TEXT NOT NULL,
    licence TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'embedding')),
    file_bytes INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    context_length INTEGER NOT NULL,
    layers INTEGER NOT NULL,
    embedding_length INTEGER NOT NULL,
    vocabulary INTEGER NOT NULL,
    has_template INTEGER NOT NULL CHECK (has_template IN (0, 1)),
    imported_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE collection (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE,
    root TEXT NOT NULL,
    label BLOB REFERENCES label (id) ON DELETE SET NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX collection_by_label ON collection (label);

CREATE TABLE document (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    collection BLOB NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    media_type TEXT NOT NULL,
    label BLOB REFERENCES label (id) ON DELETE SET NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (collection, path)
) STRICT;
CREATE INDEX document_by_label ON document (label);

CREATE TABLE document_version (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    document BLOB NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('extracted', 'indexed', 'failed', 'replaced')),
    extracted_ms INTEGER NOT NULL,
    UNIQUE (document, sha256)
) STRICT;

CREATE TABLE page (
    version BLOB NOT NULL REFERENCES document_version (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    width REAL NOT NULL,
    height REAL NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (version, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
    seq INTEGER PRIMARY KEY,
    version BLOB NOT NULL REFERENCES document_version (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    page INTEGER NOT NULL,
    from_character INTEGER NOT NULL,
    to_character INTEGER NOT NULL CHECK (to_character >= from_character),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    text TEXT NOT NULL,
    UNIQUE (version, position)
) STRICT;

CREATE VIRTUAL TABLE chunk_fts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO chunk_fts (chunk_fts, rank) VALUES ('secure-delete', 1);

CREATE TABLE chunk_vector (
    chunk INTEGER NOT NULL REFERENCES chunk (seq) ON DELETE CASCADE,
    model_sha256 TEXT NOT NULL,
    dimension INTEGER NOT NULL CHECK (dimension > 0),
    scale REAL NOT NULL,
    vector BLOB NOT NULL CHECK (length(vector) = dimension),
    PRIMARY KEY (chunk, model_sha256)
) STRICT, WITHOUT ROWID;
