#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One very long conversation through the commands. TRAMONTANE_LONG_CONVERSATION says how many messages (100,000 by
./dev torture); how long each command took is printed, not judged."""
import json
import os
import subprocess
import sys
import time
import unittest

import cli

MESSAGES = int(os.environ.get("TRAMONTANE_LONG_CONVERSATION", "4000"))


class LongConversation(cli.CliCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run([str(cls.bin / "tramontanectl"), "--home", str(cls.vault), "--passphrase-file",
                        str(cls.passphrase), "vault", "init"], env=cls.env, check=True, capture_output=True)
        filled = subprocess.run([os.environ["TRAMONTANE_FILL_VAULT"], str(cls.vault), str(cls.passphrase),
                                 str(MESSAGES)], env=cls.env, check=True, capture_output=True, text=True)
        cls.conversation = filled.stdout.strip()

    def timed(self, name, *args):
        start = time.monotonic()
        document = self.json(name, *args, timeout=600)
        print(f"{' '.join(map(str, args[:2]))}: {time.monotonic() - start:.2f} s", file=sys.stderr)
        return document

    def test_1_list_and_show(self):
        items = self.timed("conversation-list", "conversation", "list")["items"]
        self.assertEqual([item["id"] for item in items], [self.conversation])
        shown = self.timed("conversation-show", "conversation", "show", self.conversation)
        self.assertEqual(len(shown["messages"]), MESSAGES)
        self.assertIn(f"number{MESSAGES - 1},", shown["messages"][-1]["blocks"][0]["text"])
        text = self.ok("conversation", "show", self.conversation, json_output=False, timeout=600).stdout
        self.assertEqual(text.count("about the wind."), MESSAGES)

    def test_2_search(self):
        rare = self.timed("conversation-search", "conversation", "search", f"number{MESSAGES // 2}")
        self.assertEqual(len(rare["items"]), 1)
        usual = self.timed("conversation-search", "conversation", "search", "wind", "--limit", "10")
        self.assertEqual(len(usual["items"]), 10)
        self.assertEqual(usual["next"], 10)
        self.assertEqual(usual["partial"], MESSAGES > 20_000)

    def test_3_export(self):
        # What was filled in says little of its origin: the schema is for answers that a model gave.
        exported = json.loads(self.ok("conversation", "export", self.conversation, "--format", "json", timeout=600).stdout)
        self.assertEqual(len(exported["messages"]), MESSAGES)
        self.assertEqual(sum("provenance" in message for message in exported["messages"]), MESSAGES // 2)
        target = self.root / "long.md"
        self.timed("conversation-export-file", "conversation", "export", self.conversation, "--output", target)
        self.assertEqual(target.read_text().count("about the wind."), MESSAGES)

    def test_4_storage(self):
        report = self.timed("vault-storage", "vault", "storage")
        self.assertEqual(report["parts"][0]["part"], "messages")
        self.assertEqual(report["parts"][0]["count"], MESSAGES)

    def test_5_delete_and_erase(self):
        self.ok("conversation", "delete", self.conversation)
        self.assertEqual(self.timed("conversation-list", "conversation", "list")["items"], [])
        self.assertEqual(self.timed("conversation-search", "conversation", "search", "wind")["items"], [])
        self.ok("conversation", "restore", self.conversation)
        start = time.monotonic()
        self.ok("conversation", "erase", self.conversation, "--yes", timeout=900)
        print(f"conversation erase: {time.monotonic() - start:.2f} s", file=sys.stderr)
        self.assertIsNone(self.timed("vault-storage", "vault", "storage")["parts"][0]["count"])


if __name__ == "__main__":
    cli.main()
