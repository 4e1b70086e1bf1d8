#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `vault check` and the next opening say of a vault that has lost something."""
import json
import shutil

from cli import CliCase, main, schema

RESERVE_BYTES = 32 * 1024 * 1024


class VaultCheck(CliCase):
    """The tests of this class run in the order of their names and share one vault."""

    def check(self, status):
        """What was found; held against the schema."""
        done = self.run_ctl("vault", "check")
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        found = json.loads(done.stdout)
        schema("vault-check").validate(found)
        self.assertEqual(found["whole"], status == 0)
        return found

    def events(self, name):
        return self.json("audit-list", "audit", "list", "--event", name)["items"]

    def test_01_a_whole_vault(self):
        made = self.json("vault-status", "vault", "init")
        self.assertEqual(made["reserve"], {"bytes": RESERVE_BYTES, "wanted": RESERVE_BYTES, "needed": 0})
        found = self.json("vault-check", "vault", "check")
        self.assertTrue(found["whole"])
        self.assertEqual(found["missing_messages"], {"count": 0, "first": None, "after": None})
        self.assertIn("whole", self.ok("vault", "check", json_output=False).stdout)

    def test_02_an_older_database_in_its_place(self):
        self.ok("model", "import", str(self.model))
        self.ok("chat", "--max-tokens", "2", "first question")
        shutil.copy(self.vault / "vault.db", self.root / "older.db")
        self.ok("chat", "--max-tokens", "2", "second question")
        shutil.copy(self.vault / "vault.db", self.root / "newer.db")
        self.check(0)
        shutil.copy(self.root / "older.db", self.vault / "vault.db")
        # Reading is not refused, and the log says from now on what happened.
        self.assertEqual(len(self.json("conversation-list", "conversation", "list")["items"]), 1)
        self.assertEqual(len(self.events("audit.messages_missing")), 1)

    def test_03_says_so_until_they_are_back(self):
        message = self.refused("MESSAGES_MISSING", 4, "vault", "check")
        self.assertRegex(message, r"^2 messages missing after \d{4}-\d\d-\d\dT")
        found = self.check(4)
        self.assertEqual([finding["part"] for finding in found["findings"]], ["messages"])
        self.assertEqual(found["missing_messages"]["count"], 2)
        self.assertEqual(len(self.events("audit.messages_missing")), 1)
        shutil.copy(self.root / "newer.db", self.vault / "vault.db")
        self.check(0)

    def test_04_a_damaged_page(self):
        content = bytearray((self.vault / "vault.db").read_bytes())
        content[-2000] ^= 1
        (self.vault / "vault.db").write_bytes(content)
        self.refused("VAULT_DAMAGED", 4, "vault", "check")
        shutil.copy(self.root / "newer.db", self.vault / "vault.db")

    def test_05_a_vault_without_a_reserve_gets_one(self):
        (self.vault / "reserve").unlink()
        self.assertEqual(self.json("vault-status", "vault", "status", passphrase=False)["reserve"]["bytes"], 0)
        self.assertIn("nothing", self.ok("vault", "status", json_output=False, passphrase=False).stdout)
        self.ok("conversation", "list")
        self.assertEqual((self.vault / "reserve").stat().st_size, RESERVE_BYTES)


if __name__ == "__main__":
    main()
