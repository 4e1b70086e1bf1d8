# SPDX-License-Identifier: Apache-2.0
"""Runs tramontanectl in a home of its own and holds what it prints against resources/cli. Used by the tests beside it."""
import hashlib
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

PASSPHRASE = "correct horse battery staple"
SCHEMAS = {}


def schema(name):
    if name not in SCHEMAS:
        path = pathlib.Path(os.environ["TRAMONTANE_SOURCE_DIR"]) / "resources" / "cli" / f"{name}.v1.schema.json"
        document = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(document)
        SCHEMAS[name] = jsonschema.Draft202012Validator(document)
    return SCHEMAS[name]


def fingerprint(folder):
    """Path, mode and content of everything below, so that any change shows."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        kind = path.lstat().st_mode
        found[str(path.relative_to(folder))] = (kind, hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
    return found


class Terminal:
    """A command whose terminal is ours."""

    def __init__(self, command, env):
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, {**env, "TERM": "dumb"})
        self.seen = ""

    def read(self, until, seconds=120):
        """Everything so far, once `until` (a regular expression) is in what was not looked at yet; at the end of the
        output, if `until` is None."""
        end = time.monotonic() + seconds
        fresh = ""
        while until is None or not re.search(until, fresh):
            if not select.select([self.descriptor], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"no {until} in {fresh!r}")
            try:
                part = os.read(self.descriptor, 4096).decode()
            except OSError:
                part = ""
            if not part:
                if until is None:
                    break
                raise AssertionError(f"no {until} in {fresh!r}")
            fresh += part
        self.seen += fresh
        return fresh

    def type(self, text):
        os.write(self.descriptor, (text + "\n").encode())

    def end(self):
        last = self.read(None)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.descriptor)
        return status, last


class CliCase(unittest.TestCase):
    """One private home per class; the vault is made by the tests themselves."""

    @classmethod
    def setUpClass(cls):
        cls.bin = pathlib.Path(os.environ["TRAMONTANE_BIN_DIR"])
        models = pathlib.Path(os.environ["TRAMONTANE_SOURCE_DIR"]) / ".third_party" / "models"
        cls.model = models / "SmolLM2-135M-Instruct.Q4_1.gguf"
        cls.embedder = models / "all-MiniLM-L6-v2.gguf"
        cls.projectors = pathlib.Path(os.environ["TRAMONTANE_PROJECTORS"])
        cls.images = pathlib.Path(os.environ["TRAMONTANE_SOURCE_DIR"]) / "tests" / "data" / "images"
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="tramontane-cli-"))
        cls.vault = cls.root / "vault"
        cls.passphrase = cls.root / "passphrase"
        cls.passphrase.write_text(PASSPHRASE + "\n")
        cls.env = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH", "ASAN_OPTIONS") if key in os.environ}
        cls.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus"
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
                     "TRAMONTANE_POLICY_DIR"):
            folder = cls.root / name.lower()
            folder.mkdir(mode=0o700)
            cls.env[name] = str(folder)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root, ignore_errors=True)

    def command(self, *args, json_output=True, passphrase=True):
        head = [str(self.bin / "tramontanectl"), "--home", str(self.vault)]
        if passphrase:
            head += ["--passphrase-file", str(self.passphrase)]
        return head + (["--json"] if json_output else []) + [str(a) for a in args]

    def run_ctl(self, *args, stdin=None, json_output=True, passphrase=True, timeout=120, env=None, **kw):
        return subprocess.run(self.command(*args, json_output=json_output, passphrase=passphrase), input=stdin,
                              stdin=None if stdin is not None else subprocess.DEVNULL, env={**self.env, **(env or {})},
                              capture_output=True, text=True, timeout=timeout, **kw)

    def ok(self, *args, **kw):
        done = self.run_ctl(*args, **kw)
        self.assertEqual(done.returncode, 0, f"{args}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, name, *args, **kw):
        """Runs a command that must succeed; its one document fits the schema `name`."""
        done = self.ok(*args, **kw)
        self.assertEqual(done.stderr, "", args)
        document = json.loads(done.stdout)
        schema(name).validate(document)
        return document

    def chat(self, *args, **kw):
        """The events of a stream, each held against its schema."""
        done = self.run_ctl("chat", *args, **kw)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        for event in events:
            schema("chat").validate(event)
        return done, events

    def refused(self, code, status, *args, **kw):
        """Runs a command that must fail with this code and exit status, in JSON and in words; answers the message."""
        done = self.run_ctl(*args, **kw)
        self.assertEqual(done.returncode, status, f"{args}\n{done.stdout}\n{done.stderr}")
        lines = [line for line in done.stderr.splitlines() if line.startswith("{")]
        self.assertEqual(len(lines), 1, done.stderr)
        document = json.loads(lines[0])
        schema("error").validate(document)
        self.assertEqual(document["error"]["code"], code, document)
        words = self.run_ctl(*args, json_output=False, **kw)
        self.assertEqual(words.returncode, status)
        self.assertIn(f"error: {code}: ", words.stderr)
        return document["error"]["message"]


def main():
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
