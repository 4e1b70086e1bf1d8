# SPDX-License-Identifier: Apache-2.0
"""A private home with a vault in it, and tramontanectl to work on it. Used by the end-to-end tests."""
import atexit
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

PASSPHRASE = "correct horse battery staple"


class Home:
    """All folders that the programs may write to lie below one root, so that a scan of it is complete."""

    def __init__(self, bin_dir, model, root=None):
        self.bin = pathlib.Path(bin_dir)
        self.model = pathlib.Path(model)
        self.root = pathlib.Path(root or tempfile.mkdtemp(prefix="tramontane-e2e-"))
        if root is None:
            atexit.register(self.remove)  # when a test fails, too
        self.vault = self.root / "vault"
        self.passphrase = self.root / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.passphrase.chmod(0o600)
        self.env = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
        for name, folder in (("HOME", "home"), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"),
                             ("XDG_CACHE_HOME", "cache"), ("XDG_STATE_HOME", "state"), ("XDG_RUNTIME_DIR", "run"),
                             ("TMPDIR", "tmp")):
            path = self.root / folder
            path.mkdir(mode=0o700, exist_ok=True)
            self.env[name] = str(path)

    def command(self, *args, json_output=True):
        head = [str(self.bin / "tramontanectl"), "--home", str(self.vault), "--passphrase-file", str(self.passphrase)]
        return head + (["--json"] if json_output else []) + [str(a) for a in args]

    def run(self, *args, check=True, json_output=True, timeout=120):
        done = subprocess.run(self.command(*args, json_output=json_output), env=self.env, capture_output=True,
                              text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{args}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *args, **kw):
        return json.loads(self.run(*args, **kw).stdout)

    def start(self, *args):
        return subprocess.Popen(self.command(*args), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, bufsize=1)

    def create(self):
        self.run("vault", "init")
        self.run("model", "import", self.model)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


def answer_texts(home, conversation):
    """(question, answer) pairs of the shown branch, text blocks only."""
    shown = home.json("conversation", "show", conversation)
    pairs, question = [], None
    for message in shown["messages"]:
        text = "\n\n".join(b["text"] for b in message["blocks"] if b["kind"] in ("text", "code"))
        if message["role"] == "user":
            question = text
        elif message["role"] == "assistant":
            pairs.append((question, text, message))
    return pairs


def error_code(done):
    """The code in the JSON error on stderr."""
    for line in reversed(done.stderr.strip().splitlines()):
        if line.startswith("{"):
            return json.loads(line)["error"]["code"]
    raise AssertionError("no JSON error on stderr: " + done.stderr)
