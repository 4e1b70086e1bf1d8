#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Downloads what lock.json names, checks it, and unpacks the source distributions below .third_party/src.

A file that already lies in .third_party/download is used when its SHA-256 is right. A stamp beside the sources says what
was unpacked; with all stamps in place nothing is read and no network is needed.

usage: fetch.py [NAME…]      without names: everything but what lock.json keeps for one command ("only")
"""
import hashlib
import pathlib
import shutil
import sys
import tarfile

import lock
from python_index import IndexFailure, PythonIndex

DOWNLOAD = lock.CACHE / "download"
SOURCES = lock.CACHE / "src"
STAMPS = lock.CACHE / "stamps"


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def obtain(entry, index):
    """The checked file in .third_party/download."""
    target = DOWNLOAD / entry["file"]
    if target.exists():
        if sha256_of(target) == entry["sha256"]:
            return target
        print(f"fetch: {target.name} in .third_party/download has another SHA-256 and is fetched again")
    url = index.find(entry["package"], entry["file"])
    print(f"fetch: {entry['file']} ({entry['name']} {entry['version']})")
    digest, part = index.download(url, target)
    if digest != entry["sha256"]:
        part.unlink()
        raise IndexFailure(f"{entry['file']}: the SHA-256 is {digest}, but lock.json demands {entry['sha256']}. "
                           "Nothing was kept.")
    part.replace(target)
    return target


def safe_members(archive, top):
    """The members to unpack; raises for anything that could write outside `top` or is not a plain file or folder."""
    for member in archive.getmembers():
        path = pathlib.PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or path.parts[:1] != (top,):
            raise IndexFailure(f"The archive holds a path that leads outside of its folder: {member.name}")
        if member.issym() or member.islnk():
            continue  # no part that we compile is reached through a link
        if not (member.isfile() or member.isdir()):
            raise IndexFailure(f"The archive holds something that is neither file nor folder: {member.name}")
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        yield member


def unpack(entry, file):
    """Unpacks into a new folder and renames it, so that a folder of the final name is always complete."""
    top = entry["unpack"].split("/")[0]
    fresh = SOURCES / f".new-{top}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with tarfile.open(file) as archive:
        members = list(safe_members(archive, top))
        archive.extractall(fresh, members=members)
    if not (fresh / entry["unpack"]).exists():
        raise IndexFailure(f"{file.name} does not hold {entry['unpack']}.")
    shutil.rmtree(SOURCES / top, ignore_errors=True)
    (fresh / top).replace(SOURCES / top)
    shutil.rmtree(fresh)


def is_current(entry):
    stamp = STAMPS / entry["file"]
    if not stamp.exists() or stamp.read_text() != entry["sha256"]:
        return False
    if is_source(entry):
        return lock.source_folder(entry).exists()
    return (DOWNLOAD / entry["file"]).exists()


def is_source(entry):
    return entry["file"].endswith(".tar.gz")


def main(names):
    for folder in (DOWNLOAD, SOURCES, STAMPS):
        folder.mkdir(parents=True, exist_ok=True)
    entries = [entry for entry in lock.load()["fetched"]
               if entry["name"] in names or (not names and "only" not in entry)]
    index = None
    for entry in entries:
        if is_current(entry):
            continue
        index = index or PythonIndex()
        file = obtain(entry, index)
        if is_source(entry):
            unpack(entry, file)
        (STAMPS / entry["file"]).write_text(entry["sha256"])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (IndexFailure, OSError, tarfile.TarError) as failure:
        sys.exit(f"fetch: {failure}")
