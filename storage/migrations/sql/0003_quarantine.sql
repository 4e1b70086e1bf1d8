-- SPDX-License-Identifier: Apache-2.0
-- Why the file of a model is not to be trusted any more; empty: nothing is known against it.
ALTER TABLE model ADD COLUMN quarantine TEXT NOT NULL DEFAULT '';
