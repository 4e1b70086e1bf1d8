#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changing the pin of llama.cpp: what is chosen, what lock.json says afterwards, and that a failed build leaves it alone."""
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "packaging/third_party"))
import bump  # noqa: E402
import lock  # noqa: E402
from python_index import IndexFailure  # noqa: E402

FILES = [(f"llama_cpp_python-{v}.tar.gz", f"https://example.invalid/{v}") for v in ("0.3.9", "0.3.10", "0.4.0")]
FILES += [("llama_cpp_python-0.5.0-cp311-none-any.whl", "https://example.invalid/wheel")]


class Choosing(unittest.TestCase):
    def test_the_newest_source_distribution(self):
        self.assertEqual(("0.4.0", "llama_cpp_python-0.4.0.tar.gz", "https://example.invalid/0.4.0"), bump.choose(FILES, None))

    def test_versions_are_compared_by_number(self):
        self.assertEqual("0.3.10", bump.choose(FILES[:2], None)[0])

    def test_a_named_version(self):
        self.assertEqual("0.3.9", bump.choose(FILES, "0.3.9")[0])
        with self.assertRaisesRegex(IndexFailure, "0.5.0"):
            bump.choose(FILES, "0.5.0")

    def test_an_index_without_source(self):
        with self.assertRaises(IndexFailure):
            bump.choose(FILES[3:], None)


class Pinning(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.lock = pathlib.Path(folder.name) / "lock.json"
        self.text = bump.LOCK.read_text(encoding="utf-8")
        self.lock.write_text(self.text, encoding="utf-8")
        for patch in (mock.patch.object(bump, "LOCK", self.lock), mock.patch.object(bump, "ROOT", pathlib.Path(folder.name))):
            patch.start()
            self.addCleanup(patch.stop)

    def test_only_one_part_changes(self):
        before = json.loads(self.text)
        bump.repin(lock.part("llama.cpp"), "9.8.7", "llama_cpp_python-9.8.7.tar.gz", "ab" * 32)
        after = json.loads(self.lock.read_text(encoding="utf-8"))
        changed = [(a, b) for a, b in zip(before["fetched"], after["fetched"]) if a != b]
        self.assertEqual(1, len(changed))
        self.assertEqual(before["debian"], after["debian"])
        entry = changed[0][1]
        self.assertEqual(("9.8.7", "llama_cpp_python-9.8.7.tar.gz", "ab" * 32, "llama_cpp_python-9.8.7/vendor/llama.cpp"),
                         (entry["version"], entry["file"], entry["sha256"], entry["unpack"]))
        self.assertEqual(lock.part("llama.cpp") | {k: entry[k] for k in ("version", "file", "sha256", "unpack")}, entry)

    def bump_with(self, build):
        index = mock.Mock(files=lambda _: FILES)
        state = {"answers": [], "speed": {"prefill": {}, "decode": {}}, "tests": {}}
        with mock.patch.object(bump, "PythonIndex", lambda: index), mock.patch.object(bump, "build", build), \
                mock.patch.object(bump, "measure", lambda: state), mock.patch.object(bump, "download", lambda *_: "cd" * 32), \
                contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            return bump.main("0.4.0")

    def test_a_failed_build_leaves_the_pin(self):
        build = mock.Mock(side_effect=subprocess.CalledProcessError(1, "ninja"))
        self.assertEqual(1, self.bump_with(build))
        build.assert_called_once()
        self.assertEqual(self.text, self.lock.read_text(encoding="utf-8"))


class Comparing(unittest.TestCase):
    def test_where_lists_part(self):
        part = bump.known_answers.first_difference
        self.assertIsNone(part([1, 2], [1, 2]))
        self.assertEqual(1, part([1, 2], [1, 3]))
        self.assertEqual(2, part([1, 2], [1, 2, 3]))

    def test_the_report_names_what_is_different(self):
        speed = {"prefill": {"ours_tokens_per_s": 1, "ratio": 1}, "decode": {"ours_tokens_per_s": 2, "ratio": 1}}
        before = {"answers": [{"question": "A?", "prompt": [1], "answer": [5, 6]}], "speed": speed, "tests": {"tst_a": "Passed"}}
        after = {"answers": [{"question": "A?", "prompt": [1], "answer": [5, 7]}], "speed": speed, "tests": {"tst_a": "***Failed"}}
        text = bump.report("1", "2", before, after)
        self.assertIn("| A? | equal | differs from token 1 |", text)
        self.assertIn("| tst_a | Passed | ***Failed |", text)


if __name__ == "__main__":
    unittest.main()
