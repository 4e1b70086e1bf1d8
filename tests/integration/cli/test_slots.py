# SPDX-License-Identifier: Apache-2.0
"""The ways to open a vault on the command line: listed, added, changed, removed, tried; at a terminal and from a script."""
import json
import os
import re
import shutil
import subprocess

import cli

CODE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}")


class Slots(cli.CliCase):
    """The tests of this class run in the order of their names and share one vault."""

    def file(self, name, text):
        path = self.root / name
        path.write_text(text)
        return path

    def slots(self):
        return self.json("vault-slots", "vault", "slots", passphrase=False)["items"]

    def opened_by(self, *options):
        return self.json("vault-unlock", *options, "vault", "unlock", passphrase=False)

    def set_policy(self, **values):
        file = self.root / "tramontane_policy_dir" / "10-test.json"
        file.write_text(json.dumps({"id": "test", "version": 1, "values": values}))
        file.chmod(0o644)

    def events(self):
        return [record["event"] for record in self.json("audit-list", "audit", "list", "--event", "key.")["items"]]

    def terminal(self, *args, passphrase=True):
        return cli.Terminal(self.command(*args, json_output=False, passphrase=passphrase), self.env)

    def test_01_list_without_a_key(self):
        self.refused("VAULT_MISSING", 1, "vault", "slots", passphrase=False)
        self.json("vault-status", "vault", "init")
        (slot,) = self.slots()
        self.assertEqual((slot["kind"], slot["organisation"], slot["fingerprint"]), ("passphrase", None, None))
        self.assertIn(slot["id"], self.ok("vault", "slots", json_output=False, passphrase=False).stdout)
        opened = self.opened_by("--passphrase-file", self.passphrase)
        self.assertEqual((opened["slot"], opened["complete"]), (slot, True))
        kdf = json.loads((self.vault / "slots.json").read_text())["slots"][0]["kdf"]
        self.assertGreaterEqual(kdf["memory_mib"], 64)
        self.assertGreaterEqual(kdf["passes"], 3)

    def test_02_another_passphrase(self):
        second = self.file("second", "another passphrase\n")
        made = self.json("vault-slot", "vault", "slot", "add", "passphrase", "--new-passphrase-file", second)
        self.assertEqual(len(self.slots()), 2)
        self.assertEqual(self.opened_by("--passphrase-file", second)["slot"], made["slot"])
        before = cli.fingerprint(self.vault)["slots.json"]
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "add", "passphrase", "--new-passphrase-file", self.file("short", "1234567"))
        self.refused("USAGE", 2, "vault", "slot", "add", "passphrase", "--new-passphrase-file", self.root / "no such file")
        self.refused("WRONG_PASSPHRASE", 3, "--passphrase-file", self.file("wrong", "wrong passphrase"), "vault", "unlock",
                     passphrase=False)
        self.assertEqual(cli.fingerprint(self.vault)["slots.json"], before)

    def test_03_recovery_code_from_a_script(self):
        self.refused("USAGE", 2, "vault", "slot", "add", "recovery")  # there is nobody to show it to
        there = self.file("there", "of somebody else")
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "add", "recovery", "--code-file", there)
        self.assertEqual(there.read_text(), "of somebody else")
        link = self.root / "link"
        link.symlink_to(self.root / "nowhere")
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "add", "recovery", "--code-file", link)
        self.refused("NOT_FOUND", 1, "vault", "slot", "add", "recovery", "--code-file", self.root / "no" / "folder")
        code = self.root / "code"
        made = self.json("vault-slot", "vault", "slot", "add", "recovery", "--code-file", code)
        self.assertEqual(made["file"], str(code))
        self.assertEqual(code.stat().st_mode & 0o777, 0o600)
        self.assertRegex(code.read_text(), f"^{CODE.pattern}$")
        self.assertEqual(self.opened_by("--recovery-code-file", code)["slot"], made["slot"])
        sloppy = self.file("sloppy", code.read_text().lower().replace("-", " ").replace("0", "o").replace("1", "l") + "\n")
        self.assertEqual(self.opened_by("--recovery-code-file", sloppy)["slot"], made["slot"])
        typo = code.read_text()[:-1] + ("0" if code.read_text()[-1] != "0" else "1")
        message = self.refused("INVALID_ARGUMENT", 1, "--recovery-code-file", self.file("typo", typo), "vault", "unlock",
                               passphrase=False)
        self.assertIn("typing error", message)
        self.assertIn("key.recovered", self.events())

    def test_04_recovery_code_at_a_terminal(self):
        command = self.terminal("vault", "slot", "add", "recovery")
        code = CODE.search(command.read("Type it from the paper: ")).group()
        command.type(code[:-1] + ("0" if code[-1] != "0" else "1"))
        command.read(r"typing error(.|\s)*Type it from the paper: $")
        command.type(code.lower())
        status, last = command.end()
        self.assertEqual(status, 0, last)
        self.assertEqual(self.opened_by("--recovery-code-file", self.file("paper", code))["slot"]["kind"], "recovery")
        count = len(self.slots())
        command = self.terminal("vault", "slot", "add", "recovery")
        command.read("Type it from the paper: $")
        for again in range(3):
            command.type("I have lost it")
            if again < 2:
                command.read(r"Compare it with the paper(.|\s)*Type it from the paper: $")
        self.assertEqual(command.end()[0], 1)
        command = self.terminal("vault", "slot", "add", "recovery")
        command.read("Type it from the paper: ")
        os.write(command.descriptor, b"\x03")
        self.assertEqual(command.end()[0], 1)
        self.assertEqual(len(self.slots()), count)

    def test_05_organisation(self):
        key = self.root / "organisation.key"
        self.refused("NOT_FOUND", 1, "vault", "slot", "add", "organisation", "--fingerprint", "0000")
        made = self.json("vault-organisation-key", "vault", "organisation-key", "create", key, passphrase=False)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        self.refused("INVALID_ARGUMENT", 1, "vault", "organisation-key", "create", key, passphrase=False)
        self.assertEqual(self.json("vault-organisation-key", "vault", "organisation-key", "show", key, passphrase=False), made)
        self.set_policy(**{"vault.organisationKey": made["publicKey"], "vault.organisationName": "Klinik Nord"})
        self.refused("USAGE", 2, "vault", "slot", "add", "organisation")  # nobody has seen the fingerprint
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "add", "organisation", "--fingerprint", made["fingerprint"][5:])
        count = len(self.slots())
        command = self.terminal("vault", "slot", "add", "organisation")
        shown = command.read("to agree: ")
        self.assertIn("Klinik Nord", shown)
        self.assertIn(made["fingerprint"], shown)
        command.type("yes")
        self.assertEqual(command.end()[0], 1)
        self.assertEqual(len(self.slots()), count)
        slot = self.json("vault-slot", "vault", "slot", "add", "organisation", "--fingerprint", made["fingerprint"])["slot"]
        self.assertEqual((slot["organisation"], slot["fingerprint"]), ("Klinik Nord", made["fingerprint"]))
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "add", "organisation", "--fingerprint", made["fingerprint"])

    def test_06_the_organisation_reads(self):
        key = self.root / "organisation.key"
        before = cli.fingerprint(self.vault)
        options = ("--organisation-key-file", key)
        opened = self.opened_by(*options)
        self.assertEqual((opened["slot"]["kind"], opened["complete"]), ("organisation", False))
        self.json("conversation-list", *options, "conversation", "list", passphrase=False)
        self.assertGreater(len(self.json("audit-list", *options, "audit", "list", passphrase=False)["items"]), 3)
        self.assertTrue(self.json("audit-verify", *options, "audit", "verify", passphrase=False)["whole"])
        for change in (("add", "passphrase", "--new-passphrase-file", self.root / "second"),
                       ("add", "recovery", "--code-file", self.root / "theirs"), ("remove", self.slots()[0]["id"])):
            self.refused("AUDIT_UNAVAILABLE", 1, *options, "vault", "slot", *change, passphrase=False)
        self.assertFalse((self.root / "theirs").exists())
        for name in ("slots.json", "keys.json", "audit.db"):
            self.assertEqual(cli.fingerprint(self.vault)[name], before[name])
        command = self.terminal(*options, "vault", "unlock", passphrase=False)
        status, said = command.end()
        self.assertEqual(status, 0)
        self.assertIn("cannot sign the audit log", said)

    def test_07_two_custodians(self):
        halves = [self.root / "half-1", self.root / "half-2"]
        made = self.json("vault-organisation-key", "vault", "organisation-key", "create", halves[0], "--second", halves[1],
                         passphrase=False)
        self.assertEqual(made, self.json("vault-organisation-key", "vault", "organisation-key", "show", halves[1], "--second",
                                         halves[0], passphrase=False))
        self.refused("INVALID_ARGUMENT", 1, "vault", "organisation-key", "show", halves[0], passphrase=False)
        # The second file is in the way: the first is not left behind.
        self.refused("INVALID_ARGUMENT", 1, "vault", "organisation-key", "create", self.root / "half-3", "--second", halves[1],
                     passphrase=False)
        self.assertFalse((self.root / "half-3").exists())

    def test_08_another_key_in_policy_is_an_alarm(self):
        sealed = next(slot for slot in self.slots() if slot["kind"] == "organisation")
        made = self.json("vault-organisation-key", "vault", "organisation-key", "show", self.root / "half-1", "--second",
                         self.root / "half-2", passphrase=False)
        self.set_policy(**{"vault.organisationKey": made["publicKey"], "vault.organisationName": "Klinik Sued"})
        for command in ("slots", "status"):
            alarm = self.json(f"vault-{command}", "vault", command, passphrase=False)["alarm"]
            for part in ("Klinik Nord", "Klinik Sued", sealed["fingerprint"], made["fingerprint"]):
                self.assertIn(part, alarm)
            self.assertIn(made["fingerprint"], self.ok("vault", command, json_output=False, passphrase=False).stdout)
        command = self.terminal("vault", "unlock")
        status, said = command.end()
        self.assertEqual(status, 0)
        self.assertIn("The organisation's key has changed", said)
        self.assertIn("key.organisation_differs", self.events())
        self.assertEqual([s for s in self.slots() if s["kind"] == "organisation"], [sealed])
        # Only the person adds the new one, and removes the old one.
        self.json("vault-slot", "vault", "slot", "add", "organisation", "--fingerprint", made["fingerprint"])
        self.json("vault-slot", "vault", "slot", "remove", sealed["id"])
        self.assertIsNone(self.json("vault-status", "vault", "status", passphrase=False)["alarm"])
        self.refused("WRONG_PASSPHRASE", 3, "--organisation-key-file", self.root / "organisation.key", "vault", "unlock",
                     passphrase=False)
        both = ("--organisation-key-file", self.root / "half-2", "--organisation-key-file", self.root / "half-1")
        self.assertFalse(self.opened_by(*both)["complete"])
        self.refused("INVALID_ARGUMENT", 1, "--organisation-key-file", self.root / "half-2", "vault", "unlock", passphrase=False)

    def test_09_change_the_passphrase(self):
        fresh = self.file("fresh", "a fresh passphrase")
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "change-passphrase", "--new-passphrase-file", fresh)  # which one?
        first = self.slots()[0]
        made = self.json("vault-slot", "vault", "slot", "change-passphrase", first["id"], "--new-passphrase-file", fresh)
        self.assertEqual(self.slots()[0], made["slot"])
        self.refused("WRONG_PASSPHRASE", 3, "vault", "unlock")
        shutil.copy(fresh, self.passphrase)
        self.ok("vault", "unlock")
        self.assertIn("key.rotated", self.events())

    def test_10_the_last_way_stays(self):
        keep = self.slots()[0]
        for slot in self.slots()[1:]:
            if slot["kind"] != "organisation":
                removed = self.json("vault-slot", "vault", "slot", "remove", slot["id"])
                self.assertEqual((removed["slot"], removed["keychainKeyLeft"]), (slot, False))
        self.assertEqual([slot["kind"] for slot in self.slots()], ["passphrase", "organisation"])
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "remove", keep["id"])
        self.refused("NOT_FOUND", 1, "vault", "slot", "remove", "01890000-0000-7000-8000-000000000001")
        self.assertEqual(len(self.slots()), 2)
        self.refused("WRONG_PASSPHRASE", 3, "--recovery-code-file", self.root / "code", "vault", "unlock", passphrase=False)

    def test_11_policy(self):
        self.set_policy(**{"vault.slots": ["keychain"]})
        self.refused("POLICY_DENIED", 1, "vault", "slot", "add", "passphrase", "--new-passphrase-file", self.root / "second")
        self.refused("POLICY_DENIED", 1, "vault", "slot", "add", "recovery", "--code-file", self.root / "refused")
        self.assertFalse((self.root / "refused").exists())
        self.refused("KEYCHAIN_UNAVAILABLE", 3, "vault", "slot", "add", "keychain")  # there is none here
        self.ok("vault", "unlock")  # what is there goes on opening
        self.assertIn("key.change.denied", self.events())

    def test_12_the_log_is_whole_and_names_no_secret(self):
        verified = self.json("audit-verify", "audit", "verify")
        self.assertTrue(verified["whole"])
        self.assertEqual(verified["open_attempts"], [])
        log = self.ok("audit", "list").stdout
        for name in ("code", "second", "fresh", "organisation.key"):
            for word in (self.root / name).read_text().split():
                if len(word) > 12:
                    self.assertNotIn(word, log)

    def test_13_usage(self):
        done = self.run_ctl("--recovery-code-file", self.root / "code", "vault", "unlock")  # beside a passphrase
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.run_ctl("vault", "slot").returncode, 2)
        self.assertEqual(self.run_ctl("vault", "slot", "remove").returncode, 2)
        help_text = subprocess.run([str(self.bin / "tramontanectl"), "vault", "slot", "add", "--help"], capture_output=True,
                                   text=True, check=True).stdout
        for kind in ("passphrase", "keychain", "recovery", "organisation"):
            self.assertIn(kind, help_text)


if __name__ == "__main__":
    cli.main()
