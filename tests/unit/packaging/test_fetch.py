# SPDX-License-Identifier: Apache-2.0
"""The fetcher against a small index on loopback: what it takes, and what it must refuse."""
import contextlib
import hashlib
import http.server
import io
import json
import os
import pathlib
import sys
import tarfile
import tempfile
import threading
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "packaging/third_party"))
import fetch  # noqa: E402
import lock  # noqa: E402
import python_index  # noqa: E402


def archive(*members):
    """A .tar.gz of (name, content, type)."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
            tar.addfile(info, io.BytesIO(content))
    return data.getvalue()


GOOD = archive(("part-1.0/src/a.c", b"int a;", tarfile.REGTYPE), ("part-1.0/link", b"", tarfile.SYMTYPE))


class Index(http.server.BaseHTTPRequestHandler):
    files = {}
    as_json = True
    requests = []

    def do_GET(self):
        Index.requests.append(self.path)
        name = self.path.rsplit("/", 1)[-1]
        if self.path == "/simple/some-part/":
            if Index.as_json:
                kind, body = "application/vnd.pypi.simple.v1+json", json.dumps(
                    {"files": [{"filename": n, "url": f"../../files/{n}"} for n in Index.files]}).encode()
            else:
                kind, body = "text/html", "".join(f'<a href="../../files/{n}#sha256=0">{n}</a>' for n in Index.files).encode()
        elif self.path.startswith("/files/") and name in Index.files:
            kind, body = "application/octet-stream", Index.files[name]
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Fetching(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = pathlib.Path(folder.name)
        Index.requests, Index.as_json = [], True
        self.offer(GOOD)
        environment = {"PIP_INDEX_URL": f"http://127.0.0.1:{self.server.server_port}/simple", "PIP_CONFIG_FILE": os.devnull,
                       "HOME": folder.name, "XDG_CONFIG_HOME": folder.name, "PIP_CERT": "", "PIP_EXTRA_INDEX_URL": "",
                       "no_proxy": "127.0.0.1"}
        for patch in (mock.patch.dict(os.environ, environment), mock.patch.object(fetch, "DOWNLOAD", self.cache / "download"),
                      mock.patch.object(fetch, "SOURCES", self.cache / "src"), mock.patch.object(lock, "CACHE", self.cache),
                      mock.patch.object(fetch, "STAMPS", self.cache / "stamps"),
                      mock.patch.object(lock, "load", lambda: {"fetched": [self.entry], "debian": []})):
            patch.start()
            self.addCleanup(patch.stop)

    def offer(self, data, digest=None):
        Index.files = {"part-1.0.tar.gz": data, "part-2.0.tar.gz": b"newer"}
        self.entry = {"name": "Part", "package": "Some.Part", "version": "1.0", "file": "part-1.0.tar.gz",
                      "sha256": digest or hashlib.sha256(data).hexdigest(), "unpack": "part-1.0/src"}

    def run_fetch(self):
        with contextlib.redirect_stdout(io.StringIO()):
            fetch.main([])

    def assert_refused(self, word):
        with self.assertRaisesRegex(python_index.IndexFailure, word):
            self.run_fetch()
        self.assertEqual([], [f for f in (self.cache / "src").rglob("*") if f.is_file() and ".new-" not in str(f)])
        self.assertFalse((self.cache / "stamps" / self.entry["file"]).exists())

    def test_takes_the_named_version_from_an_index_of_either_kind(self):
        for as_json in (True, False):
            with self.subTest(json=as_json):
                Index.as_json = as_json
                (self.cache / "stamps/part-1.0.tar.gz").unlink(missing_ok=True)
                (self.cache / "download/part-1.0.tar.gz").unlink(missing_ok=True)
                self.run_fetch()
                self.assertEqual("int a;", (self.cache / "src/part-1.0/src/a.c").read_text())
                self.assertFalse((self.cache / "src/part-1.0/link").is_symlink())

    def test_a_second_run_asks_nobody(self):
        self.run_fetch()
        asked = len(Index.requests)
        self.run_fetch()
        self.assertEqual(asked, len(Index.requests))

    def test_a_file_that_is_there_already_is_used(self):
        (self.cache / "download").mkdir()
        (self.cache / "download/part-1.0.tar.gz").write_bytes(GOOD)
        self.run_fetch()
        self.assertEqual([], Index.requests)
        self.assertTrue((self.cache / "src/part-1.0/src/a.c").exists())

    def test_a_damaged_file_that_is_there_is_fetched_again(self):
        (self.cache / "download").mkdir()
        (self.cache / "download/part-1.0.tar.gz").write_bytes(GOOD[:-1])
        self.run_fetch()
        self.assertEqual(GOOD, (self.cache / "download/part-1.0.tar.gz").read_bytes())

    def test_another_hash_is_refused_and_nothing_is_kept(self):
        self.offer(GOOD, digest="0" * 64)
        self.assert_refused("SHA-256")
        self.assertEqual([], list((self.cache / "download").iterdir()))

    def test_a_file_that_nobody_has_is_said_so(self):
        for files in ({}, {"part-2.0.tar.gz": b"newer"}):
            with self.subTest(files=files):
                Index.files = files
                self.assert_refused("not found")

    def test_paths_that_lead_outside_are_refused(self):
        for name in ("../evil", "/etc/evil", "part-1.0/../../evil", "other-1.0/evil"):
            with self.subTest(name):
                self.offer(archive(("part-1.0/src/a.c", b"int a;", tarfile.REGTYPE), (name, b"x", tarfile.REGTYPE)))
                self.assert_refused("leads outside")

    def test_devices_are_refused(self):
        self.offer(archive(("part-1.0/src/a.c", b"", tarfile.REGTYPE), ("part-1.0/dev", b"", tarfile.CHRTYPE)))
        self.assert_refused("neither file nor folder")


if __name__ == "__main__":
    unittest.main()
