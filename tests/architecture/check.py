#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the sources and the link graph against the rules of the house. Standard library only.

usage: check.py --root DIR [--link-graph FILE] [--reasons]

Exit status: 0 nothing found, 1 findings. exceptions.json names what is allowed all the same, each with its reason; an
exception that nothing needs any more is a finding, too.
"""
import argparse
import json
import os
import pathlib
import sys

import calls
import layers
import style
from finding import Finding
from source import Source

HERE = pathlib.Path(__file__).resolve().parent
CODE = (".cpp", ".h")
SKIPPED = {"build", "dist", "__pycache__"}
REASONS = layers.REASONS | style.REASONS | {rule.rule: rule.reason for rule in calls.RULES} | {
    "exceptions": "An exception that nothing needs any more would hide the next mistake."}


def files_below(root):
    """Paths from the top, without hidden folders (but with .ci) and what the build makes."""
    for folder, names, files in os.walk(root):
        at = os.path.relpath(folder, root).replace(os.sep, "/")
        names[:] = sorted(n for n in names if n not in SKIPPED and (not n.startswith(".") or n == ".ci"))
        for name in sorted(files):
            yield name if at == "." else f"{at}/{name}"


def check_text(path, text, qt):
    """All findings in one file."""
    yield from style.check_spdx(path, text)
    if path.endswith(CODE):
        source = Source(path, text)
        yield from layers.check_includes(source, qt)
        yield from calls.check(source)
        yield from style.check_sizes(source)
        yield from style.check_bare_text(source)


def check_tree(root):
    qt = layers.QtHeaders()
    for path in files_below(root):
        if path.startswith("tests/architecture/cases/") or not (path.endswith(CODE) or style.needs_spdx(path)):
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except FileNotFoundError:
            continue  # gone since the folder was read
        except UnicodeDecodeError:
            yield Finding("spdx", path, 1, "is not UTF-8")
            continue
        yield from check_text(path, text, qt)


def apply_exceptions(findings, exceptions):
    """What is left, and what of the exceptions was not needed. `what` may be a part of the finding's sentence."""
    used = set()
    for finding in findings:
        hit = next((number for number, item in enumerate(exceptions)
                    if item["rule"] == finding.rule and item["path"] == finding.path
                    and item.get("what", "") in finding.what), None)
        if hit is None:
            yield finding
        else:
            used.add(hit)
    for number, item in enumerate(exceptions):
        if number not in used:
            yield Finding("exceptions", item["path"], 1, f"the exception from {item['rule']} is no longer needed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=HERE.parent.parent)
    parser.add_argument("--link-graph", type=pathlib.Path)
    parser.add_argument("--reasons", action="store_true")
    options = parser.parse_args()
    if options.reasons:
        print("\n".join(f"{rule}\n    {reason}" for rule, reason in REASONS.items()))
        return 0
    findings = list(check_tree(options.root))
    exceptions = json.loads((HERE / "exceptions.json").read_text(encoding="utf-8"))["exceptions"]
    if options.link_graph:
        findings += layers.check_link_graph(options.link_graph.read_text(encoding="utf-8"))
    else:
        exceptions = [item for item in exceptions if item["rule"] != "link-graph"]
    left = list(apply_exceptions(findings, exceptions))
    for finding in left:
        print(finding)
    for rule in sorted({finding.rule for finding in left}):
        print(f"\n[{rule}] {REASONS[rule]}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
