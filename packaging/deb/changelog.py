#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes debian/changelog from CHANGELOG.md, whose newest version must be the one in CMakeLists.txt.

usage: changelog.py OUT      (CHANGELOG.md: "## VERSION - YYYY-MM-DD", then "- " items)
"""
import datetime
import email.utils
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
_HEADING = re.compile(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$")


def project_version():
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"^project\(Tramontane VERSION (\d+\.\d+\.\d+)", text, re.MULTILINE)[1]


def releases(text):
    """(version, date, items), newest first."""
    found = []
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            found.append((heading[1], heading[2], []))
        elif found and line.startswith("- "):
            found[-1][2].append(line[2:].strip())
        elif found and found[-1][2] and line.startswith("  "):
            found[-1][2][-1] += " " + line.strip()
    return found


def maintainer():
    control = (ROOT / "packaging/deb/debian/control").read_text(encoding="utf-8")
    return re.search(r"^Maintainer: (.+)$", control, re.MULTILINE)[1]


def wrapped(item, width=76):
    lines, current = [], "  *"
    for word in item.split():
        if len(current) + 1 + len(word) > width:
            lines.append(current)
            current = "   "
        current += " " + word
    return "\n".join(lines + [current])


def main(out):
    found = releases((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if not found or found[0][0] != project_version():
        sys.exit(f"changelog: the newest version in CHANGELOG.md must be {project_version()}, as in CMakeLists.txt.")
    entries = []
    for version, date, items in found:
        when = email.utils.format_datetime(datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.timezone.utc))
        body = "\n".join(wrapped(item.replace("`", "")) for item in items)
        entries.append(f"tramontane ({version}) unstable; urgency=medium\n\n{body}\n\n -- {maintainer()}  {when}\n")
    pathlib.Path(out).write_text("\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
