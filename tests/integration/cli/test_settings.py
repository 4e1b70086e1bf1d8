# SPDX-License-Identifier: Apache-2.0
"""Settings on the command line: what holds, what a person may change, what policy has locked."""
import json
import pathlib
import sys
import unittest

import cli

MINUTES = "vault.lockAfterMinutes"


class Settings(cli.CliCase):
    def value(self, name):
        items = self.json("setting-list", "setting", "list")["items"]
        return next(item for item in items if item["name"] == name)

    def test_a_a_person_changes_them(self):
        self.ok("vault", "init")
        self.assertEqual(self.value(MINUTES), {"name": MINUTES, "value": 15, "source": "default", "locked": False, "reason": ""})
        made = self.json("setting", "setting", "set", MINUTES, "7")
        self.assertEqual((made["value"], made["source"]), (7, "user"))
        self.assertEqual(self.value(MINUTES)["value"], 7)
        self.json("setting", "setting", "set", "vault.clearClipboardAtLock", "off")
        self.assertIs(self.value("vault.clearClipboardAtLock")["value"], False)
        self.assertIn(MINUTES, self.ok("setting", "list", json_output=False).stdout)

    def test_b_what_does_not_fit(self):
        self.refused("NOT_FOUND", 1, "setting", "set", "no.such", "1")
        for text in ("1441", "soon", "", "1.5"):
            self.refused("INVALID_ARGUMENT", 1, "setting", "set", MINUTES, text)
        self.assertEqual(self.run_ctl("setting", "set", MINUTES).returncode, 2)
        self.assertEqual(self.value(MINUTES)["value"], 7)

    def test_c_policy_locks_them(self):
        policy = pathlib.Path(self.env["TRAMONTANE_POLICY_DIR"]) / "10.json"
        policy.write_text(json.dumps({"id": "unit", "version": 1, "values": {MINUTES: 5},
                                      "reasons": {MINUTES: "Open-plan office."}}))
        policy.chmod(0o644)
        self.assertEqual(self.value(MINUTES), {"name": MINUTES, "value": 5, "source": "managed", "locked": True,
                                               "reason": "Open-plan office."})
        self.assertIn("Open-plan office.", self.refused("POLICY_DENIED", 1, "setting", "set", MINUTES, "60"))
        self.assertEqual(self.value(MINUTES)["value"], 5)

    def test_d_each_change_is_recorded(self):
        events = [(item["event"], item["record"]["flags"]) for item in self.json("audit-list", "audit", "list")["items"]
                  if item["event"].startswith("setting.")]
        self.assertIn(("setting.changed", ["lock_after_minutes", "value_7"]), events)
        self.assertIn(("setting.change_denied", ["lock_after_minutes", "value_60"]), events)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
