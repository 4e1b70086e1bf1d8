#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Backups from the command line: made, checked, taken over, restored elsewhere and in the place of a damaged vault."""
import json
import os
import pathlib
import shutil

from cli import CliCase, fingerprint, main

MARKER = "zwetschge"


class Backups(CliCase):
    """The tests of this class run in the order of their names and share one vault."""

    def ask(self, text, *options):
        done = self.ok("chat", "--max-tokens", "2", *options, text)
        last = json.loads(done.stdout.splitlines()[-1])
        return last["conversation"], last["message"]

    def titles(self, **kw):
        return {item["title"] for item in self.json("conversation-list", "conversation", "list", **kw)["items"]}

    def restore(self, *options, schema="backup-restore"):
        return self.json(schema, "backup", "restore", str(self.root / "one.backup"), "--yes", *options)

    def test_01_make_and_verify(self):
        self.ok("vault", "init")
        self.ok("model", "import", str(self.model))
        self.ask(f"{MARKER} one")
        file = self.root / "one.backup"
        made = self.json("backup-create", "backup", "create", str(file))
        self.assertEqual((made["path"], made["bytes"]), (str(file), file.stat().st_size))
        self.assertEqual((made["conversations"], made["messages"]), (1, 2))
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(MARKER.encode(), file.read_bytes())
        verified = self.json("backup-verify", "backup", "verify", str(file))
        self.assertEqual(verified, {key: value for key, value in made.items() if key != "path"})
        self.refused("VAULT_EXISTS", 1, "backup", "create", str(file))
        listed = self.json("backup-list", "backup", "list")["items"]
        self.assertEqual([(item["id"], item["found"], item["kind"]) for item in listed], [(made["id"], True, "file")])
        events = self.json("audit-list", "audit", "list", "--event", "backup.created")["items"]
        self.assertEqual([event["outcome"] for event in events][:4], ["unknown", "success", "unknown", "failure"])

    def test_02_verify_needs_no_vault_but_a_key(self):
        wrong = self.root / "wrong"
        wrong.write_text("another passphrase\n")
        file = str(self.root / "one.backup")
        done = self.run_ctl("--passphrase-file", str(wrong), "backup", "verify", file, passphrase=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.refused("VAULT_FOREIGN", 4, "backup", "verify", str(self.passphrase))
        self.refused("NOT_FOUND", 1, "backup", "verify", str(self.root / "missing"))
        content = bytearray((self.root / "one.backup").read_bytes())
        content[len(content) // 2] ^= 1
        (self.root / "bad.backup").write_bytes(content)
        self.refused("VAULT_DAMAGED", 4, "backup", "verify", str(self.root / "bad.backup"))

    def test_03_says_what_it_would_do(self):
        self.ask(f"{MARKER} two")
        before = self.titles()
        self.refused("USAGE", 2, "backup", "restore", str(self.root / "one.backup"), "--yes")
        self.refused("USAGE", 2, "backup", "restore", str(self.root / "one.backup"), "--replace")
        effect = self.restore("--replace", "--preview")
        self.assertEqual((effect["restored"], effect["conversations_dropped"], effect["messages_dropped"]), (False, 1, 2))
        self.assertEqual(self.titles(), before)

    def test_04_replace(self):
        effect = self.restore("--replace")
        self.assertEqual((effect["mode"], effect["restored"], effect["conversations_dropped"]), ("replace", True, 1))
        self.assertEqual(self.titles(), {f"{MARKER} one"})
        # What came after the backup is not missing: somebody wanted it so, and the log says so.
        self.assertTrue(self.json("vault-check", "vault", "check")["whole"])
        events = self.json("audit-list", "audit", "list", "--event", "backup.restored")["items"]
        self.assertEqual([event["outcome"] for event in events], ["unknown", "success"])
        self.ok("audit", "verify")

    def test_05_merge_brings_back_what_was_lost(self):
        shutil.copy(self.vault / "vault.db", self.root / "older.db")
        lost, _ = self.ask(f"{MARKER} three")
        self.ok("backup", "create", str(self.root / "two.backup"))
        shutil.copy(self.root / "older.db", self.vault / "vault.db")
        self.refused("MESSAGES_MISSING", 4, "vault", "check")
        effect = self.json("backup-restore", "backup", "restore", str(self.root / "two.backup"), "--merge", "--yes")
        self.assertEqual((effect["conversations_added"], effect["messages_added"]), (1, 2))
        self.assertTrue(self.json("vault-check", "vault", "check")["whole"])
        self.assertTrue(self.json("conversation-search", "conversation", "search", "three")["items"])
        self.ok("conversation", "show", lost)

    def test_06_what_was_erased_stays_erased(self):
        gone, _ = self.ask("verboten word")
        self.ok("backup", "create", str(self.root / "three.backup"))
        erased = self.json("conversation-erase", "conversation", "erase", gone, "--yes")
        self.assertIn(str(self.root / "three.backup"), [backup["path"] for backup in erased["backups"]])
        for mode in ("--merge", "--replace"):
            effect = self.json("backup-restore", "backup", "restore", str(self.root / "three.backup"), mode, "--yes")
            self.assertGreaterEqual(effect["erased_kept_out"], 1)
            self.assertEqual(self.json("conversation-search", "conversation", "search", "verboten")["items"], [])
            self.refused("NOT_FOUND", 1, "conversation", "show", gone)
        self.assertTrue(self.json("vault-check", "vault", "check")["whole"])

    def test_07_elsewhere(self):
        here = fingerprint(self.vault)
        elsewhere = self.root / "elsewhere"
        own = self.vault
        try:
            self.vault = elsewhere
            self.refused("USAGE", 2, "backup", "restore", str(self.root / "one.backup"), "--merge")
            made = self.restore()
            self.assertEqual((made["mode"], made["conversations_added"]), ("new", 1))
            self.assertEqual(self.titles(), {f"{MARKER} one"})
            check = self.json("vault-check", "vault", "check")
            self.assertTrue(check["whole"], check)
            self.ok("audit", "verify")
            self.assertEqual(len(list((elsewhere / "audit-archive").iterdir())), 1)
            self.ask("goes on here")
            self.refused("USAGE", 2, "backup", "restore", str(self.root / "one.backup"))
        finally:
            self.vault = own
        self.assertEqual(fingerprint(self.vault), here)

    def test_08_in_the_place_of_a_damaged_vault(self):
        elsewhere = self.root / "elsewhere"
        own = self.vault
        try:
            self.vault = elsewhere
            self.ok("backup", "create", str(self.root / "four.backup"))
            log = self.json("audit-list", "audit", "list")["items"]
            (elsewhere / "vault.db").unlink()
            self.refused("VAULT_DAMAGED", 4, "conversation", "list")
            self.refused("VAULT_DAMAGED", 4, "backup", "restore", str(self.root / "four.backup"), "--replace", "--yes")
            done = self.json("backup-restore", "backup", "restore", str(self.root / "four.backup"), "--damaged", "--yes")
            self.assertEqual(done["mode"], "damaged")
            self.assertTrue(os.path.isdir(done["kept_folder"]))
            self.assertEqual(len(self.titles()), 2)
            self.assertGreater(len(self.json("audit-list", "audit", "list")["items"]), len(log))
            self.ok("audit", "verify")
            self.assertTrue(self.json("vault-check", "vault", "check")["whole"])
        finally:
            self.vault = own

    def test_09_with_the_recovery_code_only(self):
        code = self.root / "code"
        made = self.ok("vault", "slot", "add", "recovery", "--code-file", str(code))
        self.assertTrue(code.exists(), made.stdout)
        self.ok("backup", "create", str(self.root / "five.backup"))
        own = self.vault
        try:
            self.vault = self.root / "third"
            done = self.run_ctl("--recovery-code-file", str(code), "backup", "restore", str(self.root / "five.backup"),
                                passphrase=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            done = self.run_ctl("--recovery-code-file", str(code), "conversation", "list", passphrase=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        finally:
            self.vault = own

    def test_10_by_itself(self):
        folder = self.root / "backups"
        folder.mkdir()
        self.assertEqual(self.json("backup-run", "backup", "run"), {"made": False, "backup": None})
        self.refused("INVALID_ARGUMENT", 1, "setting", "set", "backup.folder", "relative")
        self.json("setting", "setting", "set", "backup.folder", str(folder))
        self.json("setting", "setting", "set", "backup.everyDays", "1")
        self.json("setting", "setting", "set", "backup.keep", "2")
        self.assertTrue(self.json("backup-run", "backup", "run")["made"])
        self.assertFalse(self.json("backup-run", "backup", "run")["made"])
        for _ in range(2):
            self.assertTrue(self.json("backup-run", "backup", "run", "--now")["made"])
        self.assertEqual(len(list(folder.iterdir())), 2)
        self.assertNotIn(str(folder), json.dumps(self.json("audit-list", "audit", "list")))

    def test_11_remove(self):
        listed = self.json("backup-list", "backup", "list")["items"]
        first = next(item for item in listed if item["path"] == str(self.root / "one.backup"))
        self.refused("USAGE", 2, "backup", "remove", first["id"])
        self.json("backup-remove", "backup", "remove", first["id"], "--yes")
        self.assertFalse((self.root / "one.backup").exists())
        self.refused("NOT_FOUND", 1, "backup", "remove", first["id"], "--yes")

    def test_12_rotate_and_rollback(self):
        rotated = self.json("vault-rotate", "vault", "rotate")
        self.assertEqual(rotated["version"], 2)
        self.refused("NOT_FOUND", 1, "vault", "rollback", "--yes")
        events = self.json("audit-list", "audit", "list", "--event", "key.rotated")["items"]
        self.assertEqual([event["outcome"] for event in events], ["unknown", "success"])
        # A backup of before the rotation still restores, under the new key.
        effect = self.json("backup-restore", "backup", "restore", str(self.root / "two.backup"), "--merge", "--yes")
        self.assertTrue(effect["restored"])
        self.assertTrue(self.json("vault-check", "vault", "check")["whole"])

    def test_13_back_to_before_an_update_of_the_format(self):
        stored = pathlib.Path(os.environ["TRAMONTANE_SOURCE_DIR"]) / "tests" / "data" / "vaults" / "format-1"
        own = self.vault
        try:
            self.vault = self.root / "older"
            shutil.copytree(stored, self.vault)
            before = self.json("conversation-list", "conversation", "list")["items"]
            self.assertTrue((self.vault / "before-migration.db").exists())
            self.ok("model", "import", str(self.model))
            self.ask("after the update")
            preview = self.json("vault-rollback", "vault", "rollback", "--preview")
            self.assertEqual((preview["rolled_back"], preview["conversations_dropped"], preview["schema"]), (False, 1, 1))
            self.refused("USAGE", 2, "vault", "rollback")
            self.assertEqual(len(self.json("conversation-list", "conversation", "list")["items"]), len(before) + 1)
            done = self.json("vault-rollback", "vault", "rollback", "--yes")
            self.assertTrue(done["rolled_back"])
            self.assertFalse((self.vault / "before-migration.db").exists())
            # This program brings it to its own format again.
            self.assertEqual(self.json("conversation-list", "conversation", "list")["items"], before)
            self.assertTrue(self.json("vault-check", "vault", "check")["whole"])
            events = self.json("audit-list", "audit", "list", "--event", "backup.restored")["items"]
            self.assertEqual([event["outcome"] for event in events], ["unknown", "success"])
        finally:
            self.vault = own


if __name__ == "__main__":
    main()
