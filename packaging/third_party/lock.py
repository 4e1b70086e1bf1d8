#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads lock.json, the only list of third-party parts. Standard library only.

usage: lock.py debian SCOPE…      the Debian packages of these scopes (build, run, test), one a line
       lock.py source NAME        where the unpacked source of a fetched part lies, below the repository
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".third_party"


def load():
    return json.loads((HERE / "lock.json").read_text(encoding="utf-8"))


def part(name):
    """The fetched part of that name; ends the program when there is none."""
    for entry in load()["fetched"]:
        if entry["name"] == name:
            return entry
    sys.exit(f"lock.json has no fetched part called {name}.")


def debian_packages(scopes):
    names = set()
    for entry in load()["debian"]:
        for scope, packages in entry["packages"].items():
            if scope in scopes:
                names.update(packages)
    return sorted(names)


def source_folder(entry):
    return CACHE / "src" / entry["unpack"]


def main(arguments):
    if len(arguments) >= 2 and arguments[0] == "debian":
        print("\n".join(debian_packages(arguments[1:])))
    elif len(arguments) == 2 and arguments[0] == "source":
        print(source_folder(part(arguments[1])).relative_to(ROOT))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
