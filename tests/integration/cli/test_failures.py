# SPDX-License-Identifier: Apache-2.0
"""What goes wrong: each a clear error with its code and exit status, and afterwards every file is as it was (2.24)."""
import fcntl
import json
import os
import pathlib
import shutil
import struct
import subprocess
import time
import unittest

import cli


class Failures(cli.CliCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        one = cls("setUpClass_")
        one.ok("vault", "init")
        one.ok("model", "import", cls.model)
        one.ok("chat", "--max-tokens", "4", "A question that is kept")
        cls.master = cls.root / "master"
        shutil.copytree(cls.vault, cls.master)

    def setUpClass_(self):
        pass

    def setUp(self):
        shutil.rmtree(self.vault, ignore_errors=True)
        shutil.copytree(self.master, self.vault)

    def unchanged(self, *args, code, status, **kw):
        before = cli.fingerprint(self.vault)
        message = self.refused(code, status, *args, **kw)
        self.assertEqual(cli.fingerprint(self.vault), before)
        return message

    def test_wrong_passphrase(self):
        wrong = self.root / "wrong"
        for text in ("wrong horse battery staple", cli.PASSPHRASE[:-1], cli.PASSPHRASE + " "):
            wrong.write_text(text)
            self.unchanged("--passphrase-file", wrong, "conversation", "list", code="WRONG_PASSPHRASE", status=3, passphrase=False)

    def test_passphrase_files(self):
        empty = self.root / "empty"
        empty.write_text("")
        self.unchanged("--passphrase-file", empty, "model", "list", code="USAGE", status=2, passphrase=False)
        self.unchanged("--passphrase-file", "/nonexistent", "model", "list", code="USAGE", status=2, passphrase=False)
        self.unchanged("--passphrase-fd", "77", "model", "list", code="USAGE", status=2, passphrase=False)

    def test_usage(self):
        for args in ((), ("vaul",), ("vault",), ("chat",), ("chat", "one", "two"), ("chat", "--seed", "x", "Hi"),
                     ("conversation", "export", "x", "--format", "pdf"), ("audit", "list", "--limit", "0"),
                     ("chat", "--no-such-option", "Hi"), ("--passphrase-fd", "3", "model", "list")):
            with self.subTest(args=args):
                self.unchanged(*args, code="USAGE", status=2)

    def test_passphrase_and_text_from_one_place(self):
        self.unchanged("--passphrase-fd", "0", "chat", "-", code="USAGE", status=2, passphrase=False)

    def test_arguments_out_of_range(self):
        for args in (("--temperature", "9"), ("--top-p", "1.5"), ("--min-p", "-0.1"), ("--top-k", "-1"), ("--max-tokens", "0"),
                     ("--temperature", "nan")):
            with self.subTest(args=args):
                self.refused("INVALID_ARGUMENT", 1, "chat", *args, "Hi")
        shown = self.json("conversation-list", "conversation", "list")["items"]
        self.assertEqual([c["title"] for c in shown], ["A question that is kept"])

    def test_unknown_things(self):
        self.refused("NOT_FOUND", 1, "conversation", "show", "0190a000-0000-7000-8000-000000000000")
        self.refused("NOT_FOUND", 1, "conversation", "show", "nonsense")
        self.refused("NOT_FOUND", 1, "chat", "-c", "0190a000-0000-7000-8000-000000000000", "Hi")
        self.refused("MODEL_NOT_FOUND", 1, "chat", "-m", "gpt", "Hi")
        self.refused("MODEL_NOT_FOUND", 1, "model", "info", "gpt")
        self.refused("MODEL_NOT_FOUND", 1, "embed", "Hi")
        self.refused("GRAMMAR_INVALID", 1, "chat", "--grammar", self.passphrase, "Hi")
        self.refused("INVALID_ARGUMENT", 1, "chat", "")

    def test_vault_exists(self):
        self.unchanged("vault", "init", code="VAULT_EXISTS", status=1)

    def test_short_passphrase_makes_nothing(self):
        short = self.root / "short"
        short.write_text("1234567")
        shutil.rmtree(self.vault)
        self.refused("INVALID_ARGUMENT", 1, "--passphrase-file", short, "vault", "init", passphrase=False)
        self.assertFalse(self.vault.exists())

    def test_keychain_that_is_not_there(self):
        shutil.rmtree(self.vault)
        self.refused("KEYCHAIN_UNAVAILABLE", 3, "vault", "init", "--keychain", passphrase=False)
        self.assertFalse(self.vault.exists())

    def test_truncated_database(self):
        for size in (0, 100, 4096, 10000):
            with self.subTest(size=size):
                self.setUp()
                for leftover in self.vault.glob("vault.db-*"):
                    leftover.unlink()
                with open(self.vault / "vault.db", "r+b") as file:
                    file.truncate(size)
                self.unchanged("conversation", "list", code="VAULT_DAMAGED", status=4)

    def test_foreign_files(self):
        for name, content, code in (("slots.json", b"{}", "VAULT_FOREIGN"), ("slots.json", b"\x89PNG\r\n", "VAULT_FOREIGN"),
                                    ("vault.db", b"SQLite format 3\x00" + bytes(8192), "VAULT_DAMAGED")):
            with self.subTest(name=name, content=content[:6]):
                self.setUp()
                for leftover in self.vault.glob(name + "-*"):
                    leftover.unlink()
                (self.vault / name).write_bytes(content)
                self.unchanged("conversation", "list", code=code, status=4)

    def test_missing_files_never_make_new_keys(self):
        for name in ("slots.json", "keys.json", "vault.db", "audit.db"):
            with self.subTest(name=name):
                self.setUp()
                (self.vault / name).unlink()
                before = cli.fingerprint(self.vault)
                done = self.run_ctl("conversation", "list")
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertEqual(cli.fingerprint(self.vault), before)
                again = self.run_ctl("vault", "init")
                self.assertRegex(again.stderr, "VAULT_EXISTS|VAULT_DAMAGED")
                self.assertEqual(cli.fingerprint(self.vault), before)

    def test_newer_formats(self):
        for name in ("slots.json", "keys.json"):
            with self.subTest(name=name):
                self.setUp()
                content = json.loads((self.vault / name).read_text()) | {"version": 99}
                (self.vault / name).write_text(json.dumps(content))
                self.unchanged("conversation", "list", code="VAULT_NEWER_SCHEMA", status=1)

    def test_newer_schema(self):
        for name in ("vault.db", "audit.db"):
            with self.subTest(name=name):
                self.setUp()
                subprocess.run([os.environ["TRAMONTANE_AGE_VAULT"], str(self.vault), str(self.passphrase), name], check=True)
                self.unchanged("conversation", "list", code="VAULT_NEWER_SCHEMA", status=1)

    def test_files_that_are_no_models(self):
        letter = self.root / "letter.gguf"
        letter.write_bytes(b"Dear reader, this is not a model.")
        self.refused("MODEL_NOT_GGUF", 1, "model", "import", letter)
        self.refused("MODEL_NOT_GGUF", 1, "model", "info", letter, passphrase=False)
        cut = self.root / "cut.gguf"
        with open(self.model, "rb") as source:
            whole = source.read()
        for size in (4, 24, 4096, len(whole) // 2, len(whole) - 1):
            with self.subTest(size=size):
                cut.write_bytes(whole[:size])
                self.refused("MODEL_TRUNCATED", 1, "model", "import", cut)
                self.assertEqual(cut.read_bytes(), whole[:size])
        self.refused("MODEL_NOT_FOUND", 1, "model", "import", self.root / "nothing.gguf")
        self.refused("MODEL_NOT_FOUND", 1, "model", "import", "/")
        self.assertEqual(len(self.json("model-list", "model", "list")["items"]), 1)
        self.assertEqual(letter.read_bytes(), b"Dear reader, this is not a model.")
        rejected = self.json("audit-list", "audit", "list", "--event", "model.rejected")["items"]
        self.assertGreaterEqual(len(rejected), 14)

    def test_model_that_changed(self):
        own = self.root / "own.gguf"
        shutil.copy2(self.model, own)
        self.ok("model", "import", own)
        with open(own, "r+b") as file:
            file.seek(-100, os.SEEK_END)
            byte = file.read(1)
            file.seek(-100, os.SEEK_END)
            file.write(bytes([byte[0] ^ 1]))
        sha = [m["sha256"] for m in self.json("model-list", "model", "list")["items"] if m["path"] == str(own)][0]
        id = [m["id"] for m in self.json("model-list", "model", "list")["items"] if m["path"] == str(own)][0]
        done, events = self.chat("-m", id, "Hi")
        self.assertEqual((done.returncode, events[-1]["error"]["code"]), (4, "MODEL_CHANGED"), (done.stderr, sha))
        done, events = self.chat("-m", id, "Hi")  # it has been set aside
        self.assertEqual((done.returncode, events[-1]["error"]["code"]), (4, "MODEL_QUARANTINED"), done.stderr)
        self.assertEqual(len(self.json("audit-list", "audit", "list", "--event", "model.quarantined")["items"]), 1)
        self.ok("model", "import", own)  # the change was intended
        own.unlink()
        done, events = self.chat("-m", id, "Hi")
        self.assertEqual((done.returncode, events[-1]["error"]["code"]), (1, "MODEL_NOT_FOUND"), done.stderr)

    def test_context_full(self):
        done, events = self.chat("--context", "256", "word " * 400)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(events[-1]["error"]["code"], "CONTEXT_FULL")
        self.assertIn("256", events[-1]["error"]["message"])
        self.assertEqual(events[-1]["message"]["state"], "failed")
        self.assertIsNone(events[-1]["provenance"])
        self.assertEqual(len(events), 1)

    def test_no_engine(self):
        alone = self.root / "alone"
        alone.mkdir(exist_ok=True)
        shutil.copy2(self.bin / "tramontanectl", alone)
        type(self).bin, original = alone, self.bin
        try:
            done, events = self.chat("Hi")
            self.assertEqual((done.returncode, events[-1]["error"]["code"]), (1, "ENGINE_UNAVAILABLE"), done.stderr)
            self.refused("ENGINE_UNAVAILABLE", 1, "model", "import", self.model)
            found = self.json("doctor", "doctor", passphrase=False)
            self.assertFalse(found["engine"]["reachable"])
            self.json("conversation-list", "conversation", "list")
        finally:
            type(self).bin = original

    def put_back_log(self, older):
        for leftover in self.vault.glob("audit.db-*"):
            leftover.unlink()
        shutil.copy2(older, self.vault / "audit.db")

    def test_log_put_back_is_not_continued(self):
        """Every record after it would hide what is missing; a person may say that it is lost."""
        older = self.root / "put-back-audit.db"
        shutil.copy2(self.master / "audit.db", older)
        kept = len(self.json("audit-list", "audit", "list")["items"]) - 2  # this command's own: opened, policy
        self.ok("chat", "--max-tokens", "2", "The question that is lost from the log")
        self.put_back_log(older)
        for number in range(3):
            message = self.refused("AUDIT_RECORDS_MISSING", 4, "chat", "--max-tokens", "2", f"Question {number}")
            self.assertIn("accept-gap", message)
        self.assertTrue(self.json("conversation-list", "conversation", "list")["items"])
        done = self.run_ctl("audit", "verify")
        self.assertEqual(done.returncode, 4)
        found = json.loads(done.stdout)
        self.assertEqual((found["broken"], found["missing_after"], found["records"]), ([], kept, kept))
        gap = self.json("audit-accept-gap", "audit", "accept-gap")
        self.assertEqual((gap["after"], gap["missing"]), (kept, found["missing"]))
        self.assertTrue(self.chat("--max-tokens", "2", "And on")[1][-1]["type"] == "done")
        found = self.json("audit-verify", "audit", "verify")
        self.assertEqual((found["whole"], found["gaps"]), (True, [gap]))
        self.assertTrue(self.json("audit-verify", "audit", "verify", "--full")["every_signature"])
        self.assertIn("are lost", self.ok("audit", "verify", json_output=False).stdout)
        self.refused("INVALID_ARGUMENT", 1, "audit", "accept-gap")

    def events(self, after):
        return self.json("audit-list", "audit", "list", "--after", after)["items"]

    def test_locked_log_is_not_forgotten(self):
        """The question is stored, nothing runs, and the process ends before the log can say why: the next one does."""
        last = self.events(0)[-1]["seq"]
        with open(self.vault / "audit.db", "r+b") as database:
            # SQLite's own lock bytes (https://www.sqlite.org/fileformat2.html, "lock-byte page").
            lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0x40000000, 512, 0)
            fcntl.fcntl(database, fcntl.F_SETLK, lock)
            done = self.run_ctl("chat", "--max-tokens", "2", "Asked without a log")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("AUDIT_UNAVAILABLE", done.stderr)
        new = self.events(last)
        failures = [item["record"] for item in new if item["event"] == "audit.failure"]
        self.assertEqual([record["flags"] for record in failures], [["not_attempted"]])
        self.assertNotIn("gen_ai.request.failed", [item["event"] for item in new])
        conversations = self.json("conversation-list", "conversation", "list")["items"]
        asked = [c["id"] for c in conversations if c["title"].startswith("Asked without")]
        messages = self.json("conversation-show", "conversation", "show", asked[0])["messages"]
        self.assertEqual([message["role"] for message in messages], ["user"])
        self.assertEqual([m["id"] for m in messages], [failures[0]["object"]["id"]])
        again = [item["event"] for item in self.events(last)]
        self.assertEqual(again.count("audit.failure"), 1)

    def test_killed_embedding_is_closed(self):
        """It leaves nothing in the vault; the log alone knows that it was begun."""
        self.ok("model", "import", self.embedder)
        programs = self.root / "stuck"
        programs.mkdir()
        shutil.copy2(self.bin / "tramontanectl", programs)
        started = self.root / "engine-started"
        engine = programs / "tramontane-engine"
        engine.write_text(f"#!/bin/sh\ntouch {started}\nexec sleep 30\n")
        engine.chmod(0o755)
        original = type(self).bin
        type(self).bin = programs
        try:
            child = subprocess.Popen(self.command("embed", "One text"), env=self.env, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 30
            while not started.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertTrue(started.exists(), "the engine was never started")
            child.kill()
            child.wait()
        finally:
            type(self).bin = original
        verified = self.json("audit-verify", "audit", "verify")  # opens the vault, so it is closed by then
        self.assertEqual(verified["open_attempts"], [])
        attempted = [i for i in self.events(0) if i["event"] == "gen_ai.request.attempted"][-1]
        closed = [i for i in self.events(0) if i["corr"] == attempted["corr"]][-1]
        self.assertEqual((closed["event"], closed["record"]["flags"]), ("gen_ai.request.failed", ["interrupted"]))

    def test_export_is_missed(self):
        """Finding out does not wait for the next answer: the newest record counts, whatever it is about."""
        shown = self.json("conversation-list", "conversation", "list")["items"][0]["id"]
        older = self.root / "before-export-audit.db"
        shutil.copy2(self.vault / "audit.db", older)
        self.ok("conversation", "export", shown, "--format", "md", json_output=False)
        self.put_back_log(older)
        self.refused("AUDIT_RECORDS_MISSING", 4, "audit", "verify")

    def test_changed_log(self):
        done = self.run_ctl("audit", "verify")
        self.assertEqual(done.returncode, 0)
        older = self.root / "older-audit.db"
        shutil.copy2(self.master / "audit.db", older)
        for number in range(2):
            self.ok("chat", "--max-tokens", "2", f"Question {number}")
        for leftover in self.vault.glob("audit.db-*"):
            leftover.unlink()
        shutil.copy2(older, self.vault / "audit.db")
        message = self.refused("AUDIT_RECORDS_MISSING", 4, "audit", "verify")
        self.assertIn("missing", message)


@unittest.skipUnless(os.geteuid() == 0, "mounting a small file system needs root")
class FullDisk(cli.CliCase):
    """A file system of its own that is full, or becomes full."""

    def setUp(self):
        self.small = self.root / "small"
        self.small.mkdir(exist_ok=True)

    def mount(self, size):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.small)], check=True)
        self.addCleanup(subprocess.run, ["umount", str(self.small)], check=True)

    def fill(self):
        with open(self.small / "filler", "ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\0" * 4096)
            except OSError:
                pass

    def test_no_room_for_a_vault(self):
        self.mount("64k")
        type(self).vault = self.small / "vault"
        self.fill()
        self.refused("NO_SPACE", 1, "vault", "init")
        left = [p for p in pathlib.Path(self.small).rglob("*") if p.is_file() and p.name != "filler"]
        self.assertEqual(left, [])

    def test_room_runs_out(self):
        self.mount("80m")
        type(self).vault = self.small / "vault"
        self.ok("vault", "init")
        self.ok("model", "import", self.model)
        self.ok("chat", "--max-tokens", "2", "Before")
        self.fill()
        done = self.run_ctl("chat", "--max-tokens", "2", "After")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertTrue("NO_SPACE" in done.stderr or "AUDIT_UNAVAILABLE" in done.stderr, done.stderr)
        titles = [c["title"] for c in self.json("conversation-list", "conversation", "list")["items"]]
        self.assertIn("Before", titles)
        (self.small / "filler").unlink()
        self.ok("chat", "--max-tokens", "2", "Again")
        self.assertTrue(self.json("audit-verify", "audit", "verify")["whole"])

    def test_room_runs_out_while_it_writes(self):
        self.mount("80m")
        type(self).vault = self.small / "vault"
        self.ok("vault", "init")
        self.ok("model", "import", self.model)
        grammar = self.root / "lines.gbnf"
        grammar.write_text('root ::= line{60}\nline ::= [a-z ]{24} "\\n"\n')
        process = subprocess.Popen(self.command("chat", "--grammar", grammar, "--max-tokens", "1500", "Tell a story."),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=self.env)
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            cli.schema("chat").validate(events[-1])
            if not any(event["type"] == "disk" for event in events):
                self.fill()  # again and again: the vault gives up its reserve first
            if events[-1] == {"type": "disk", "waiting": True}:
                (self.small / "filler").unlink(missing_ok=True)
        self.assertEqual(process.wait(), 0, process.stderr.read())
        process.stderr.close()
        self.assertEqual([e["waiting"] for e in events if e["type"] == "disk"][:2], [True, False])
        told = "".join(e["text"] for e in events if e["type"] == "token")
        conversation = self.json("conversation-show", "conversation", "show", events[-1]["conversation"])
        self.assertEqual(conversation["messages"][-1]["blocks"][0]["text"].strip(), told.strip())


if __name__ == "__main__":
    cli.main()
