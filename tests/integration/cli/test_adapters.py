# SPDX-License-Identifier: Apache-2.0
"""LoRA adapters on the command line: what a file is, answers with and without, provenance, log, policy, and what is refused."""
import hashlib
import json
import os
import subprocess

import cli

QUESTION = ("--temperature", "0", "--max-tokens", "24", "Name five colours.")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text_of(events):
    return "".join(e["text"] for e in events if e["type"] == "token")


class Adapters(cli.CliCase):
    """The tests of this class run in the order of their names and share one vault."""

    @classmethod
    def write(cls, seed, name, *more):
        path = cls.root / name
        subprocess.run([os.environ["TRAMONTANE_WRITE_ADAPTER"], str(seed), str(path), *more], check=True)
        return path

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style = cls.write(1, "style.gguf")
        cls.tone = cls.write(2, "tone=2.gguf")

    def ask(self, *args):
        done, events = self.chat(*args, *QUESTION)
        self.assertEqual((done.returncode, events[-1]["type"]), (0, "done"), done.stderr)
        return events

    def adapters(self, events):
        return events[-1]["provenance"]["mode"].get("adapters")

    def test_01_what_it_is(self):
        about = self.json("model", "model", "info", self.style, passphrase=False)
        self.assertEqual((about["kind"], about["name"], about["architecture"]), ("adapter", "Random 1", "llama"))
        self.assertEqual((about["sha256"], about["facts"]["adapter_rank"]), (sha256(self.style), 4))
        text = self.ok("model", "info", self.style, json_output=False, passphrase=False).stdout
        self.assertIn("chat --adapter", text)
        self.json("vault-status", "vault", "init")
        self.json("model", "model", "import", self.model)
        for command in (("model", "import"), ("model", "plan")):
            self.assertIn("--adapter", self.refused("MODEL_UNSUPPORTED", 1, *command, self.style))
        self.assertEqual(len(self.json("model-list", "model", "list")["items"]), 1)

    def test_02_answers(self):
        plain = self.ask()
        self.assertIsNone(self.adapters(plain))
        whole = self.ask("--adapter", self.style)
        half = self.ask("--adapter", f"{self.style}=0.5")
        other = self.ask("--adapter", self.tone)  # a = in the name is no scale
        both = self.ask("--adapter", f"{self.style}=0.5", "--adapter", f"{self.tone}=-1")
        self.assertEqual(len({text_of(e) for e in (plain, whole, half, other)}), 4)
        self.assertEqual(self.adapters(whole), [{"sha256": sha256(self.style), "scale": 1}])
        self.assertEqual(self.adapters(half), [{"sha256": sha256(self.style), "scale": 0.5}])
        wanted = [{"sha256": sha256(self.style), "scale": 0.5}, {"sha256": sha256(self.tone), "scale": -1}]
        self.assertEqual(self.adapters(both), sorted(wanted, key=lambda a: a["sha256"]))
        self.assertEqual(text_of(self.ask("--adapter", f"{self.style}=0")), text_of(plain))
        self.assertEqual(text_of(self.ask("--adapter", self.style)), text_of(whole))
        again = [self.ask("--deterministic", "--adapter", self.style) for _ in range(2)]
        self.assertEqual(text_of(again[0]), text_of(again[1]))

    def test_03_the_log(self):
        applied = self.json("audit-list", "audit", "list", "--event", "gen_ai.adapter.applied", "--limit", "1000")["items"]
        seen = {(r["record"]["ai"]["model_sha256"], r["record"]["flags"][0]) for r in applied}
        self.assertEqual(seen, {(sha256(self.style), f"scale_{s}") for s in ("1", "0.5", "0")}
                         | {(sha256(self.tone), f"scale_{s}") for s in ("1", "-1")})
        for record in applied:
            story = self.json("audit-list", "audit", "list", "--attempt", record["corr"])["items"]
            ends = [r["event"].rsplit(".", 1)[1] for r in story if r["event"] != "gen_ai.adapter.applied"]
            self.assertEqual(ends, ["created", "attempted", "completed"])
            self.assertNotIn("style.gguf", json.dumps(record["record"]))
        self.json("audit-verify", "audit", "verify")

    def test_04_a_conversation_that_changes_its_adapter(self):
        first = self.ask("--adapter", self.style)
        conversation = ("-c", first[-1]["conversation"])
        second = self.ask(*conversation, "--adapter", f"{self.style}=0.5")
        third = self.ask(*conversation)
        self.assertIsNone(self.adapters(third))
        self.assertEqual(self.adapters(second)[0]["scale"], 0.5)

    def test_05_a_state_of_another_set_is_not_used(self):
        long = ("--temperature", "0", "--max-tokens", "4", "word " * 400 + "What is the last word?")
        _, first = self.chat("--adapter", self.style, *long)
        conversation = ("-c", first[-1]["conversation"], "--temperature", "0", "--max-tokens", "4", "And the first?")
        _, same = self.chat("--adapter", self.style, *conversation)
        self.assertGreater(same[-1]["computation"]["prompt_reused"], 400)  # it came back from the disk
        _, other = self.chat("--adapter", f"{self.style}=0.5", *conversation)
        self.assertEqual(other[-1]["computation"]["prompt_reused"], 0)
        _, none = self.chat(*conversation)
        self.assertEqual(none[-1]["computation"]["prompt_reused"], 0)

    def test_06_what_is_refused(self):
        before = len(self.json("conversation-list", "conversation", "list")["items"])

        def refused(code, status, *options):
            return self.refused(code, status, "chat", *options, *QUESTION)

        truncated = self.root / "truncated.gguf"
        truncated.write_bytes(self.style.read_bytes()[:-1000])
        text = self.root / "text.gguf"
        text.write_text("no adapter")
        qwen = self.write(1, "qwen.gguf", "qwen2")
        self.assertIn("adapter", refused("MODEL_TRUNCATED", 1, "--adapter", truncated))
        self.assertIn("adapter", refused("MODEL_NOT_GGUF", 1, "--adapter", text))
        self.assertIn("adapter", refused("MODEL_NOT_FOUND", 1, "--adapter", self.root / "missing.gguf"))
        self.assertIn("qwen2", refused("MODEL_UNSUPPORTED", 1, "--adapter", qwen))
        self.assertIn("adapter", refused("MODEL_UNSUPPORTED", 1, "--adapter", self.model))
        for scale in ("nan", "inf", "1e9"):
            self.assertIn("between -100 and 100", refused("INVALID_ARGUMENT", 1, "--adapter", f"{self.style}={scale}"))
        refused("USAGE", 2, "--adapter", f"{self.style}=much")
        self.assertIn("twice", refused("INVALID_ARGUMENT", 1, "--adapter", self.style, "--adapter", f"{self.style}=2"))
        many = [option for _ in range(17) for option in ("--adapter", self.style)]
        self.assertIn("16", refused("INVALID_ARGUMENT", 1, *many))
        self.assertEqual(len(self.json("conversation-list", "conversation", "list")["items"]), before)
        two = ("--adapter", self.style, "--adapter", self.tone)
        self.assertIn("bit for bit", refused("INVALID_ARGUMENT", 1, "--deterministic", *two))
        self.ask("--adapter", self.style)

    def test_07_policy(self):
        rule = self.root / "tramontane_policy_dir" / "10-test.json"

        def allow(values):
            rule.write_text(json.dumps({"id": "acme", "version": 1, "values": values}))
            rule.chmod(0o600)

        try:
            allow({"models.allow": [sha256(self.model)]})
            self.assertIn("model.allow", self.refused("POLICY_DENIED", 1, "chat", "--adapter", self.style, *QUESTION))
            denied = self.json("audit-list", "audit", "list", "--event", "gen_ai.request.denied")["items"]
            self.assertEqual(denied[-1]["record"]["ai"]["model_sha256"], sha256(self.style))
            allow({"models.allow": [sha256(self.model), sha256(self.style)]})
            self.ask("--adapter", self.style)
            allow({"models.import": False})
            self.assertIn("model.import", self.refused("POLICY_DENIED", 1, "chat", "--adapter", self.style, *QUESTION))
        finally:
            rule.write_text('{"id": "acme", "version": 1, "unmanaged": true}')


if __name__ == "__main__":
    cli.main()
