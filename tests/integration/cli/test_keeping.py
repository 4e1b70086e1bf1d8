# SPDX-License-Identifier: Apache-2.0
"""Deleting with undo, erasing, legal holds, retention, folders, labels and attachments through tramontanectl."""
import json
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

from cli import CliCase, main

MARKER = "Qxzkeepingmarker"


class KeepingTest(CliCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = True

    def setUp(self):
        if type(self).first:
            type(self).first = False
            self.ok("vault", "init", json_output=False)
            self.ok("model", "import", self.model)

    def ask(self, text, *more):
        done, events = self.chat("--max-tokens", "4", *more, text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return events[-1]["conversation"], events[-1]["message"]["id"]

    def listed(self, *more):
        return [c["id"] for c in self.json("conversation-list", "conversation", "list", *more)["items"]]

    def messages(self, conversation):
        return [m["id"] for m in self.json("conversation-show", "conversation", "show", conversation)["messages"]]

    def events(self, name):
        return self.json("audit-list", "audit", "list", "--event", name)["items"]

    def policy(self, values):
        path = pathlib.Path(self.env["TRAMONTANE_POLICY_DIR"]) / "10.json"
        if values is None:
            path.unlink()
            (path.parent / "10.json").write_text(json.dumps({"id": "none", "version": 1, "unmanaged": True}))
        else:
            path.write_text(json.dumps({"id": "test", "version": 1, "values": values}))
        path.chmod(0o644)

    def test_deleting_can_be_undone(self):
        self.json("retention-list", "retention", "set", "--bin-days", "30")
        conversation, _ = self.ask(f"{MARKER} undo")
        done = self.json("conversation-delete", "conversation", "delete", conversation)
        self.assertEqual(done["deleted"], [conversation])
        self.assertEqual(done["bin_days"], 30)
        self.assertNotIn(conversation, self.listed())
        self.assertIn(conversation, self.listed("--deleted"))
        self.refused("NOT_FOUND", 1, "conversation", "show", conversation)
        self.json("conversation-restore", "conversation", "restore", conversation)
        self.assertIn(conversation, self.listed())
        self.refused("NOT_FOUND", 1, "conversation", "restore", conversation)
        self.refused("NOT_FOUND", 1, "conversation", "delete", "nonsense")
        self.assertTrue(self.events("conversation.deleted"))
        self.assertTrue(self.events("conversation.restored"))

    def test_erasing_asks_and_is_final(self):
        conversation, _ = self.ask(f"{MARKER} erase")
        self.refused("USAGE", 2, "conversation", "erase", conversation)
        self.refused("USAGE", 2, "conversation", "erase")
        self.assertIn(conversation, self.listed())
        erased = self.json("conversation-erase", "conversation", "erase", conversation, "--yes")
        self.assertEqual((erased["conversations"], erased["messages"]), ([conversation], 2))
        self.refused("NOT_FOUND", 1, "conversation", "show", conversation)
        self.refused("NOT_FOUND", 1, "conversation", "erase", conversation, "--yes")
        completed = self.events("erasure.completed")
        self.assertIn(conversation, [e["record"]["object"]["id"] for e in completed])
        everything = self.json("audit-list", "audit", "list", "--limit", "10000")["items"]
        self.assertNotIn(MARKER, json.dumps(everything))
        self.assertTrue(self.json("audit-verify", "audit", "verify")["whole"])

    def test_erasing_finally_gives_another_key(self):
        before = (self.vault / "keys.json").read_bytes()
        conversation, _ = self.ask(f"{MARKER} final")
        erased = self.json("conversation-erase", "conversation", "erase", conversation, "--final", "--yes")
        self.assertTrue(erased["final"])
        self.assertNotEqual((self.vault / "keys.json").read_bytes(), before)
        self.assertNotIn(conversation, self.listed())
        self.assertTrue(self.events("key.rotated"))

    def test_single_messages(self):
        conversation, answer = self.ask(f"{MARKER} single")
        question = self.messages(conversation)[0]
        self.refused("INVALID_ARGUMENT", 1, "conversation", "erase", "--message", question, "--yes")
        erased = self.json("conversation-erase", "conversation", "erase", "--message", answer, "--yes")
        self.assertEqual(erased["messages"], 1)
        self.assertEqual(self.messages(conversation), [question])

    def test_a_hold_wins(self):
        conversation, _ = self.ask(f"{MARKER} hold")
        hold = self.json("hold", "hold", "set", "--conversation", conversation, "--reason", "case 7")
        self.assertEqual(self.json("hold-list", "hold", "list")["items"], [hold])
        for command in (("delete",), ("erase", "--yes")):
            message = self.refused("ON_HOLD", 1, "conversation", command[0], conversation, *command[1:])
            self.assertIn("case 7", message)
            self.assertIn(hold["set_by"], message)
        self.json("retention-list", "retention", "set", "--bin-days", "7")
        self.json("hold", "hold", "release", hold["id"])
        self.refused("NOT_FOUND", 1, "hold", "release", hold["id"])
        self.refused("INVALID_ARGUMENT", 1, "hold", "set", "--reason", "nothing")
        self.json("conversation-erase", "conversation", "erase", conversation, "--yes")

    def test_folders_and_labels(self):
        conversation, _ = self.ask(f"{MARKER} folder")
        outer = self.json("folder-list", "folder", "create", "Clients")["items"][-1]
        inner = next(f for f in self.json("folder-list", "folder", "create", "Acme", "--into", outer["id"])["items"]
                     if f["name"] == "Acme")
        self.assertEqual(inner["parent"], outer["id"])
        self.refused("INVALID_ARGUMENT", 1, "folder", "create", "Acme", "--into", outer["id"])
        self.refused("INVALID_ARGUMENT", 1, "folder", "move", outer["id"], "--into", inner["id"])
        self.json("conversation-move", "conversation", "move", conversation, "--folder", inner["id"])
        folders = {f["name"]: f for f in self.json("folder-list", "folder", "list")["items"]}
        self.assertEqual(folders["Acme"]["conversations"], 1)
        self.json("folder-list", "folder", "rename", inner["id"], "Acme Ltd")
        labels = self.json("label-list", "label", "set", conversation, "internal", "urgent")["items"]
        self.assertEqual([label["name"] for label in labels], ["internal", "urgent"])
        self.json("label-list", "label", "set", conversation)
        self.assertEqual(self.json("label-list", "label", "list")["items"], [])
        self.json("folder-list", "folder", "delete", inner["id"])
        folders = {f["name"]: f for f in self.json("folder-list", "folder", "list")["items"]}
        self.assertEqual(folders["Clients"]["conversations"], 1)
        self.json("folder-list", "folder", "delete", outer["id"])

    def test_retention(self):
        rules = self.json("retention-list", "retention", "set", "--days", "400", "--action", "erase")
        self.assertEqual([r["days"] for r in rules["items"]], [400])
        self.json("retention-run", "retention", "run", "--dry-run")
        self.json("retention-list", "retention", "remove", rules["items"][0]["id"])
        self.refused("USAGE", 2, "retention", "set")
        conversation, _ = self.ask(f"{MARKER} bin")
        self.ok("conversation", "delete", conversation)
        self.json("retention-list", "retention", "set", "--bin-days", "0")
        planned = self.json("retention-run", "retention", "run", "--dry-run")
        self.assertIn(conversation, planned["emptied"])
        self.assertIn(conversation, self.listed("--deleted"))
        ran = self.json("retention-run", "retention", "run")
        self.assertIn(conversation, ran["emptied"])
        self.assertEqual(self.listed("--deleted"), [])
        reports = self.json("retention-reports", "retention", "reports")["items"]
        self.assertIn(conversation, reports[0]["emptied"])
        self.assertTrue(self.events("retention.purged"))
        self.json("retention-list", "retention", "set", "--bin-days", "30")

    def test_attachments(self):
        conversation, answer = self.ask(f"{MARKER} attach")
        source = self.root / "notes.txt"
        content = (f"{MARKER}\n" * 20000).encode()
        source.write_bytes(content)
        added = self.json("attachment", "attachment", "add", answer, source)
        self.assertEqual((added["name"], added["media_type"], added["bytes"]), ("notes.txt", "text/plain", len(content)))
        self.assertEqual(self.json("attachment-list", "attachment", "list", conversation)["items"], [added])
        for path in (self.vault / "attachments").iterdir():
            self.assertNotIn(MARKER.encode(), path.read_bytes())
        target = self.root / "exported.txt"
        self.refused("USAGE", 2, "attachment", "export", added["id"], "--output", target)
        self.assertFalse(target.exists())
        self.json("attachment", "attachment", "export", added["id"], "--output", target, "--yes")
        self.assertEqual(target.read_bytes(), content)
        self.assertEqual(target.stat().st_mode & 0o777, 0o600)
        self.refused("INVALID_ARGUMENT", 1, "attachment", "export", added["id"], "--output", target, "--yes")
        self.refused("NOT_FOUND", 1, "attachment", "add", answer, self.root / "nowhere")
        self.assertTrue(self.events("attachment.exported"))

        stored = next((self.vault / "attachments").iterdir())
        good = stored.read_bytes()
        stored.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        target.unlink()
        self.refused("ATTACHMENT_DAMAGED", 4, "attachment", "export", added["id"], "--output", target, "--yes")
        self.assertFalse(target.exists())
        stored.write_bytes(good)

        self.refused("USAGE", 2, "attachment", "remove", added["id"])
        self.json("attachment", "attachment", "remove", added["id"], "--yes")
        self.assertEqual(list((self.vault / "attachments").iterdir()), [])

    def test_policy_decides(self):
        conversation, answer = self.ask(f"{MARKER} policy")
        source = self.root / "two-mib"
        source.write_bytes(b"x" * (2 << 20))
        added = self.json("attachment", "attachment", "add", answer, source)
        self.policy({"attachments.maxMiB": 1, "export.allow": False, "retention.days": 3650, "retention.binDays": 5})
        try:
            self.refused("INVALID_ARGUMENT", 1, "attachment", "add", answer, source)
            message = self.refused("POLICY_DENIED", 1, "attachment", "export", added["id"], "--output",
                                   self.root / "out", "--yes")
            self.assertIn("export.allow", message)
            self.refused("POLICY_DENIED", 1, "retention", "set", "--days", "9000")
            self.refused("POLICY_DENIED", 1, "retention", "set", "--bin-days", "90")
            shown = self.json("retention-list", "retention", "list")
            self.assertEqual((shown["bin_days"], shown["days"], shown["binding"]), (5, 3650, True))
            self.policy({"attachments.maxMiB": 0})
            self.refused("POLICY_DENIED", 1, "attachment", "add", answer, source)
        finally:
            self.policy(None)

    def test_killed_while_erasing(self):
        """Whenever the program is killed: the conversation is whole, or gone and recorded once."""
        times = random.Random(2)
        for _ in range(int(os.environ.get("TRAMONTANE_KILLS", "6")) // 2):
            conversation, _ = self.ask(f"{MARKER} killed")
            running = subprocess.Popen(self.command("conversation", "erase", conversation, "--yes"), env=self.env,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(times.uniform(0.3, 1.5))
            running.send_signal(signal.SIGKILL)
            running.wait()
            if conversation in self.listed():
                self.assertEqual(len(self.messages(conversation)), 2)
                self.json("conversation-erase", "conversation", "erase", conversation, "--yes")
            completed = [e for e in self.events("erasure.completed") if e["record"]["object"]["id"] == conversation]
            self.assertEqual(len(completed), 1)
            self.assertTrue(self.json("audit-verify", "audit", "verify")["whole"])

    def test_killed_while_adding(self):
        """Whenever the program is killed: what is listed is whole, and nothing else lies there."""
        conversation, answer = self.ask(f"{MARKER} kill")
        source = self.root / "large"
        source.write_bytes(os.urandom(48 << 20))
        times = random.Random(1)
        for _ in range(int(os.environ.get("TRAMONTANE_KILLS", "6"))):
            running = subprocess.Popen(self.command("attachment", "add", answer, source), env=self.env,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            folder = self.vault / "attachments"
            limit = time.monotonic() + 60
            while running.poll() is None and not list(folder.iterdir()) and time.monotonic() < limit:
                time.sleep(0.005)
            time.sleep(times.uniform(0, 0.3))
            running.send_signal(signal.SIGKILL)
            running.wait()
            listed = self.json("attachment-list", "attachment", "list", conversation)["items"]
            self.assertEqual(len(list(folder.iterdir())), len(listed))
            for attachment in listed:
                target = self.root / "whole"
                self.json("attachment", "attachment", "export", attachment["id"], "--output", target, "--yes")
                self.assertEqual(target.read_bytes(), source.read_bytes())
                target.unlink()
                self.json("attachment", "attachment", "remove", attachment["id"], "--yes")


if __name__ == "__main__":
    main()
