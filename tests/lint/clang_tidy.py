#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the product's sources, two or more at a time, and remembers what was clean. Standard library only.

A source is looked at again only when it, a header of ours that it reaches, its command or .clang-tidy changed.

usage: clang_tidy.py BUILD_FOLDER [--seconds N] [--jobs N] [PATH…]
  --seconds   stop starting new files after this time and say how many are left (0: no limit); each commit then begins at
              another file, so that in the long run all are looked at also where nothing is remembered
Exit status: 0 clean so far, 1 findings.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROOMS = ("app/", "inference/", "storage/", "ui/")
TOOL = "clang-tidy-14"
_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


class Reach:
    """The text of a file together with all headers of ours that it includes."""

    def __init__(self):
        self._texts = {}

    def _text(self, path):
        if path not in self._texts:
            file = ROOT / path
            self._texts[path] = file.read_text(encoding="utf-8") if file.is_file() else ""
        return self._texts[path]

    def digest(self, path, *more):
        seen, todo = set(), [path]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo += _INCLUDE.findall(self._text(current))
        digest = hashlib.sha256("\0".join(more).encode())
        for name in sorted(seen):
            digest.update(name.encode() + b"\0" + self._text(name).encode())
        return digest.hexdigest()


def commands(build):
    """(path from the top, command) of every source of ours, each once."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = pathlib.Path(entry["file"])
        if file.is_relative_to(ROOT) and file.suffix == ".cpp":
            path = file.relative_to(ROOT).as_posix()
            if path.startswith(ROOMS):
                found.setdefault(path, entry["command"])
    return sorted(found.items())


def check(build, path):
    result = subprocess.run([TOOL, "-p", build, "--quiet", ROOT / path], capture_output=True, text=True)
    return path, result.returncode == 0, result.stdout.strip() or result.stderr.strip()


def pending(build, stamps, wanted):
    reach, rules = Reach(), (ROOT / ".clang-tidy").read_text(encoding="utf-8")
    for path, command in commands(build):
        if wanted and not path.startswith(tuple(wanted)):
            continue
        digest = reach.digest(path, command, rules)
        stamp = stamps / path.replace("/", "__")
        if not stamp.exists() or stamp.read_text() != digest:
            yield path, stamp, digest


def rotated(items):
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    start = int(commit or "0", 16) % len(items) if items else 0
    return items[start:] + items[:start]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("paths", nargs="*")
    options = parser.parse_intermixed_args()
    stamps = ROOT / "build/lint/tidy"
    stamps.mkdir(parents=True, exist_ok=True)
    todo = list(pending(options.build, stamps, options.paths))
    if options.seconds:
        todo = rotated(todo)
    end = time.monotonic() + options.seconds if options.seconds else float("inf")
    dirty, left = 0, 0

    def work(item):
        return None if time.monotonic() > end else check(options.build, item[0])

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (path, stamp, digest), result in zip(todo, pool.map(work, todo)):
            if result is None:
                left += 1
            elif result[1]:
                stamp.write_text(digest)
            else:
                dirty += 1
                print(result[2])
    print(f"clang-tidy: {len(todo) - left} files looked at, {dirty} with findings, {left} left for the next run")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main())
