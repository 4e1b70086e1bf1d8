#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes from lock.json what other files say about third-party parts. Standard library only.

usage: notices.py --write            renews the table in README.md
       notices.py --check            exit 1 when README.md is stale
       notices.py --copyright FILE   the copyright file of the DEB (DEP-5)
"""
import pathlib
import sys

import lock

README = lock.ROOT / "README.md"
BEGIN, END = "<!-- dependencies: begin -->", "<!-- dependencies: end -->"

MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""

BSD3 = """Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
disclaimer in the documentation and/or other materials provided with the distribution.
3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products
derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""

APACHE = "On Debian systems the full text of the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0."
TEXTS = {"MIT": MIT, "BSD-3-Clause": BSD3, "Apache-2.0": APACHE}
INSIDE_THE_PACKAGE = ("compiled in", "private libraries")


def readme_table():
    rows = ["| part | version | licence | what for | from | in the package | on Windows |",
            "|---|---|---|---|---|---|---|"]
    data = lock.load()
    for entry in data["fetched"]:
        origin = f"PyPI `{entry['package']}`, SHA-256 `{entry['sha256'][:12]}…`"
        rows.append(_row(entry, f"{entry['version']}", origin))
    for entry in data["debian"]:
        packages = sorted({name for names in entry["packages"].values() for name in names})
        origin = "Debian " + ", ".join(f"`{name}`" for name in packages)
        rows.append(_row(entry, f"≥ {entry['version']}" if entry["version"] else "", origin))
    return "\n".join(rows)


def _row(entry, version, origin):
    cells = [entry["name"], version, entry["licence"], entry["purpose"], origin, entry["shipped"], entry["windows"]]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def readme_with_table():
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, found, tail = rest.partition(END)
    if not found:
        sys.exit("notices: README.md has lost the marks of the dependency table.")
    return text, f"{head}{BEGIN}\n{readme_table()}\n{END}{tail}"


def _indented(text):
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.splitlines())


def copyright_text():
    data = lock.load()
    parts = ["Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
             "Upstream-Name: Tramontane\n",
             "Files: *\nCopyright: 2026 The Tramontane authors\nLicense: Apache-2.0\n"]
    for entry in data["fetched"] + data["debian"]:
        if entry["shipped"] in INSIDE_THE_PACKAGE:
            licence = entry["licence"].split(" ")[0]
            holders = "\n ".join(holder.strip() for holder in entry["copyright"].split(";"))
            comment = f"Comment: {entry['name']} {entry['version']}: {entry['purpose']} ({entry['licence']})"
            folder = entry["name"].replace(" ", "-").replace(",", "")
            parts.append(f"Files: third-party/{folder}/*\nCopyright: {holders}\nLicense: {licence}\n{comment}\n")
    used = {"Apache-2.0"} | {line[9:] for part in parts for line in part.splitlines() if line.startswith("License: ")}
    parts += [f"License: {name}\n{_indented(TEXTS[name])}\n" for name in sorted(used)]
    return "\n".join(parts)


def main(arguments):
    if arguments == ["--write"]:
        README.write_text(readme_with_table()[1], encoding="utf-8")
    elif arguments == ["--check"]:
        present, wanted = readme_with_table()
        if present != wanted:
            sys.exit("notices: the dependency table in README.md is stale; run packaging/third_party/notices.py --write.")
    elif len(arguments) == 2 and arguments[0] == "--copyright":
        pathlib.Path(arguments[1]).write_text(copyright_text(), encoding="utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
