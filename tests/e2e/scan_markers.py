#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K1: nothing typed, titled, attached or answered can be found on the disk: random markers, every file and every name,
five encodings, from the first word to the erasure.

The markers are first shown to be in the decrypted store, so that finding nothing means something. After the erasure they
are not in a single decrypted page either.
usage: scan_markers.py BIN MODEL DECRYPT_PAGES
"""
import base64
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time

from vault_home import Home

SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
IN_FILES_OF_THEIR_OWN = ("attachment",)  # not in vault.db, but in attachments/


def new_marker():
    return "mk" + secrets.token_hex(15)


def encodings(marker):
    plain = marker.encode()
    yield "utf-8", plain
    yield "utf-16le", marker.encode("utf-16-le")
    yield "utf-16be", marker.encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    for shift in range(3):  # the middle of the encoded text does not depend on what surrounds the marker
        encoded = base64.b64encode(b"\0" * shift + plain)
        yield f"base64+{shift}", encoded[4:-4]


def device_of(path):
    try:
        return os.lstat(path).st_dev
    except OSError:
        return None


def entries(folder):
    """Every name below, on the same disk."""
    device = os.stat(folder).st_dev
    for directory, below, names in os.walk(folder):
        below[:] = [name for name in below if device == device_of(os.path.join(directory, name))]
        for name in below + names:
            yield pathlib.Path(directory) / name


def content(path, since, own_root):
    """The name, where a link leads to, and what is in the file; nothing for what was there before and is not ours."""
    try:
        if own_root not in path.parents and path.lstat().st_mtime < since:
            return None
        if path.is_symlink():
            return os.fsencode(path.name) + b"\0" + os.fsencode(os.readlink(path))
        return os.fsencode(path.name) + (b"\0" + path.read_bytes() if path.is_file() else b"")
    except OSError:
        return None


def scan(folders, needles, since, own_root):
    hits, files = [], 0
    for folder in folders:
        for path in entries(folder):
            data = content(path, since, own_root)
            if data is None:
                continue
            files += path.is_file()
            hits += [f"{what} as {kind} in {path}" for what, kind, needle in needles if needle in data]
    return files, hits


class Vault:
    """What is done with the vault, and the one question that is asked about it."""

    def __init__(self, home, decrypt_pages):
        self.home = home
        self.decrypt_pages = decrypt_pages
        self.started = time.time()
        self.markers = {what: new_marker() for what in ("title", "question", "system prompt", "answer", "attachment",
                                                        "file name", "folder", "label")}
        self.needles = [(what, kind, needle) for what, marker in self.markers.items()
                        for kind, needle in encodings(marker)]

    def look(self, moment):
        files, hits = scan((self.home.root,) + SHARED_FOLDERS, self.needles, self.started, self.home.root)
        assert files > 5, f"only {files} files seen {moment}: the scan itself is broken"
        assert not hits, f"{moment}: " + "; ".join(hits)
        print(f"{moment}: {files} files, 0 hits", flush=True)

    def file(self, name, text):
        """A file that must hold a marker; its owner removes it before the next scan."""
        path = self.home.root / name
        path.write_text(text)
        return path

    def begin(self):
        """A conversation that has every marker but that of the answer."""
        # The title is made from the first line of the question.
        events = self.home.run("chat", "--system", f"You know {self.markers['system prompt']}.", "--max-tokens", "4",
                               f"{self.markers['title']}\n{self.markers['question']} tell me about rivers").stdout
        done = json.loads(events.splitlines()[-1])
        self.conversation = done["conversation"]
        attached = self.file(self.markers["file name"] + ".txt", (self.markers["attachment"] + " water\n") * 3000)
        self.home.run("attachment", "add", done["message"]["id"], attached)
        attached.unlink()
        self.folder = self.home.json("folder", "create", self.markers["folder"])["items"][0]["id"]
        self.home.run("conversation", "move", self.conversation, "--folder", self.folder)
        self.home.run("label", "set", self.conversation, self.markers["label"])

    def kill_in_an_answer(self):
        grammar = self.file("answer.gbnf", 'root ::= "%s" [a-zA-Z ,.]{1500}\n' % self.markers["answer"])
        process = self.home.start("chat", "-c", self.conversation, "--grammar", grammar, "--max-tokens", "900",
                                  "Tell me more")
        try:
            text = ""
            for line in process.stdout:
                event = json.loads(line)
                text += event.get("text", "") if event["type"] == "token" else ""
                if len(text) > 200:
                    break
            assert self.markers["answer"] in text, "the grammar did not force the marker into the answer"
            grammar.unlink()
            time.sleep(1.2)  # long enough for stream parts to be on disk
            assert process.poll() is None, "the answer ended before the scan"
            self.look("while an answer is written")
        finally:
            process.kill()
            process.wait()
        self.look("after kill -9")

    def prove_that_all_is_stored(self):
        """As the program gives it out, and in the pages."""
        shown = [self.home.run("conversation", "export", self.conversation, "--format", "json", json_output=False).stdout]
        shown += [self.home.run(*command).stdout for command in (("folder", "list"), ("label", "list"),
                                                                 ("attachment", "list", self.conversation))]
        attachment = json.loads(shown[-1])["items"][0]["id"]
        target = self.home.root / "exported"
        self.home.run("attachment", "export", attachment, "--output", target, "--yes")
        shown.append(target.read_text())
        target.unlink()
        pages = self.pages("vault.db")
        for what, marker in self.markers.items():
            assert any(marker in text for text in shown), f"the marker of the {what} is not in the decrypted store"
            assert what in IN_FILES_OF_THEIR_OWN or marker.encode() in pages, f"no decrypted page has that of the {what}"
        print("all markers are in the decrypted store", flush=True)

    def pages(self, database):
        done = subprocess.run([self.decrypt_pages, self.home.vault, self.home.passphrase, database], check=True,
                              capture_output=True)
        assert len(done.stdout) > 10_000, f"hardly any page of {database}: the test itself is broken"
        return done.stdout

    def prove_that_nothing_is_in_pages(self, database, moment):
        pages = self.pages(database)
        # An index keeps a word without the letters that it shares with the one before it.
        hits = [what for what, marker in self.markers.items() for text in (marker[6:], marker[6:].upper())
                if text.encode() in pages or text.encode("utf-16-le") in pages]
        assert not hits, f"{moment}, decrypted pages of {database}: " + ", ".join(hits)
        print(f"{moment}: decrypted pages of {database}, 0 hits", flush=True)


def main():
    home = Home(sys.argv[1], sys.argv[2])
    vault = Vault(home, sys.argv[3])
    home.create()
    vault.begin()
    vault.kill_in_an_answer()
    vault.prove_that_all_is_stored()
    vault.look("after closing")
    vault.prove_that_nothing_is_in_pages("audit.db", "after closing")
    home.run("label", "set", vault.conversation)
    home.run("folder", "delete", vault.folder)
    home.run("conversation", "delete", vault.conversation)
    vault.look("after deleting")
    home.run("conversation", "erase", vault.conversation, "--yes")
    vault.look("after erasing")
    for database in ("vault.db", "audit.db"):
        vault.prove_that_nothing_is_in_pages(database, "after erasing")
    assert not list((home.vault / "attachments").iterdir()), "the attachment's file is still there"
    home.remove()


if __name__ == "__main__":
    main()
