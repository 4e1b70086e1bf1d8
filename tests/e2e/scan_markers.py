#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing typed, titled or answered can be found on the disk: random markers, every file, five encodings, three moments.

The markers are first shown to be in the decrypted store, so that finding nothing means something.
usage: scan_markers.py BIN MODEL
"""
import base64
import json
import os
import pathlib
import secrets
import sys
import time

from vault_home import Home

SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")


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


def scan(folders, needles, since, own_root):
    hits, files = [], 0
    for folder in folders:
        device = os.stat(folder).st_dev
        for directory, below, names in os.walk(folder):
            below[:] = [name for name in below if device == device_of(os.path.join(directory, name))]
            for name in names:
                path = pathlib.Path(directory) / name
                try:
                    if not path.is_file() or path.is_symlink():
                        continue
                    outside = own_root not in path.parents
                    if outside and path.stat().st_mtime < since:
                        continue
                    data = path.read_bytes()
                except OSError:
                    continue
                files += 1
                for what, kind, needle in needles:
                    if needle in data:
                        hits.append(f"{what} as {kind} in {path}")
    return files, hits


def main():
    home = Home(sys.argv[1], sys.argv[2])
    started = time.time()
    home.create()
    markers = {name: new_marker() for name in ("question", "system prompt", "answer")}
    markers["title"] = markers["question"]  # the title is made from the first line of the question
    needles = [(what, kind, needle) for what, marker in markers.items() for kind, needle in encodings(marker)]
    grammar = home.root / "answer.gbnf"  # the one file that must hold a marker; removed before the first scan
    grammar.write_text('root ::= "%s" [a-zA-Z ,.]{1500}\n' % markers["answer"])

    def look(moment):
        files, hits = scan((home.root,) + SHARED_FOLDERS, needles, started, home.root)
        assert files > 5, f"only {files} files seen {moment}: the scan itself is broken"
        assert not hits, f"{moment}: " + "; ".join(hits)
        print(f"{moment}: {files} files, 0 hits")

    question = f"{markers['question']} tell me about rivers"
    process = home.start("chat", "--system", f"You know {markers['system prompt']}.", "--grammar", grammar,
                         "--max-tokens", "900", question)
    try:
        text = ""
        for line in process.stdout:
            event = json.loads(line)
            text += event.get("text", "") if event["type"] == "token" else ""
            if len(text) > 200:
                break
        assert markers["answer"] in text, "the grammar did not force the marker into the answer"
        grammar.unlink()
        time.sleep(1.2)  # long enough for stream parts to be on disk
        assert process.poll() is None, "the answer ended before the scan"
        look("while an answer is written")
    finally:
        process.kill()
        process.wait()
    look("after kill -9")
    exported = home.run("conversation", "export", home.json("conversation", "list")["items"][0]["id"],
                        "--format", "json", json_output=False).stdout
    for what, marker in markers.items():
        assert marker in exported, f"the marker of the {what} is not in the decrypted store"
    print("all markers are in the decrypted store")
    look("after closing")
    home.remove()


if __name__ == "__main__":
    main()
