# SPDX-License-Identifier: Apache-2.0
"""A vault whose key lies in a real keychain: gnome-keyring on a session bus of its own, without a display."""
import os
import subprocess
import sys
import unittest

import cli


class KeychainVault(cli.CliCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The bus is that of dbus-run-session, see main().
        cls.env["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        cls.keyring = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
                                       env=cls.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.keyring.stdin.write(b"pw")
        cls.keyring.stdin.close()
        owner = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                 "org.freedesktop.DBus.GetNameOwner", "string:org.freedesktop.secrets"]
        for _ in range(100):
            if subprocess.run(owner, env=cls.env, capture_output=True).returncode == 0:
                return
        raise AssertionError("the keyring does not start")

    @classmethod
    def tearDownClass(cls):
        cls.keyring.kill()
        cls.keyring.wait()
        super().tearDownClass()

    def lock(self):
        subprocess.run(["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
                        "org.freedesktop.Secret.Service.Lock",
                        "array:objpath:/org/freedesktop/secrets/collection/login"], env=self.env, check=True, capture_output=True)

    def test_a1_vault_without_a_passphrase(self):
        self.assertTrue(self.json("doctor", "doctor", passphrase=False)["keychain"]["reachable"])
        made = self.json("vault-status", "vault", "init", "--keychain", passphrase=False)
        self.assertEqual([slot["kind"] for slot in made["slots"]], ["keychain"])
        self.json("model-list", "model", "list", passphrase=False)
        before = cli.fingerprint(self.vault)
        self.refused("VAULT_EXISTS", 1, "vault", "init", "--keychain", passphrase=False)
        self.refused("WRONG_PASSPHRASE", 3, "model", "list")  # there is no slot for a passphrase
        self.assertEqual(cli.fingerprint(self.vault), before)

    def test_a2_another_way_beside_the_keychain(self):
        more = self.root / "more"
        more.write_text("another passphrase")
        self.json("vault-slot", "vault", "slot", "add", "passphrase", "--new-passphrase-file", more, passphrase=False)
        keychain, other = self.json("vault-slots", "vault", "slots", passphrase=False)["items"]
        self.refused("INVALID_ARGUMENT", 1, "vault", "slot", "add", "keychain", passphrase=False)
        removed = self.json("vault-slot", "--passphrase-file", more, "vault", "slot", "remove", keychain["id"], passphrase=False)
        self.assertFalse(removed["keychainKeyLeft"])
        self.json("vault-slot", "--passphrase-file", more, "vault", "slot", "add", "keychain", passphrase=False)
        self.assertEqual(self.json("vault-unlock", "vault", "unlock", passphrase=False)["slot"]["kind"], "keychain")
        self.json("vault-slot", "vault", "slot", "remove", other["id"], passphrase=False)  # the keychain opens it: allowed
        self.assertEqual([slot["kind"] for slot in self.json("vault-slots", "vault", "slots", passphrase=False)["items"]],
                         ["keychain"])

    def test_b_locked_keychain(self):
        self.lock()
        before = cli.fingerprint(self.vault)
        self.refused("KEYCHAIN_LOCKED", 3, "model", "list", passphrase=False)
        self.assertFalse(self.json("doctor", "doctor", passphrase=False)["keychain"]["reachable"])
        self.assertEqual(cli.fingerprint(self.vault), before)

    def test_c_no_keychain(self):
        before = cli.fingerprint(self.vault)
        nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
        self.refused("KEYCHAIN_UNAVAILABLE", 3, "model", "list", passphrase=False, env=nowhere)
        self.assertEqual(cli.fingerprint(self.vault), before)


class SlowKeychain(cli.CliCase):
    """A keychain that never answers: the other ways are offered, and the vault opens with one of them."""

    def service(self, mode, *item):
        service = subprocess.Popen([os.environ["TRAMONTANE_SECRET_SERVICE"], mode, "login", *item], stdout=subprocess.PIPE,
                                   text=True, env={**self.env, "DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]})
        self.addCleanup(service.stdout.close)
        self.addCleanup(service.wait)
        self.addCleanup(service.kill)
        self.assertEqual(service.stdout.readline(), "ready\n")
        return service

    def test_other_ways_are_offered(self):
        self.env["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        service = self.service("ok")
        self.ok("vault", "init", "--keychain", passphrase=False)
        self.ok("vault", "slot", "add", "passphrase", "--new-passphrase-file", self.passphrase, passphrase=False)
        entry, key = service.stdout.readline().split()[1:]
        service.kill()
        service.wait()
        before = cli.fingerprint(self.vault)
        self.service("silent", "tramontane", entry, key)
        # Named on the command line, the keychain is not even asked.
        self.assertEqual(self.json("vault-unlock", "vault", "unlock")["slot"]["kind"], "passphrase")
        command = cli.Terminal(self.command("vault", "unlock", json_output=False, passphrase=False), self.env)
        command.read(r"has not answered yet(.|\s)*Passphrase: $")
        command.type(cli.PASSPHRASE)
        status, said = command.end()
        self.assertEqual(status, 0, said)
        self.assertIn("Opens with: passphrase", said)
        for name in ("slots.json", "keys.json"):
            self.assertEqual(cli.fingerprint(self.vault)[name], before[name])


if __name__ == "__main__":
    if "TRAMONTANE_PRIVATE_BUS" not in os.environ:
        os.environ["TRAMONTANE_PRIVATE_BUS"] = "1"
        os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])
    cli.main()
