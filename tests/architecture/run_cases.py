#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that each rule bites: every file below cases/ is a small source with what must be found in it.

A case:    header lines "path: …" and "expect: RULE LINE" (any number; none: nothing may be found), a line "---", the text.
           "@repeat N TEXT" stands for N lines of TEXT. A path that ends in link_graph.txt is a link graph.
Every rule must be broken by one case at least.
"""
import pathlib
import sys
import unittest

import calls
import check
import layers
import style
from finding import Finding

CASES = pathlib.Path(__file__).resolve().parent / "cases"
ALL_RULES = set(check.REASONS)


class FixedQt(layers.QtHeaders):
    """A machine without Qt headers checks the rules all the same."""

    def __init__(self):
        self._module = {"QObject": "Core", "QString": "Core", "QImage": "Gui", "QWidget": "Widgets",
                        "QNetworkAccessManager": "Network"}


def read_case(file):
    head, _, body = file.read_text(encoding="utf-8").partition("\n---\n")
    path, expected = "", []
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key == "path":
            path = value
        elif key == "expect":
            rule, number = value.split()
            expected.append((rule, int(number)))
    lines = []
    for line in body.split("\n"):
        if line.startswith("@repeat "):
            _, count, text = line.split(" ", 2)
            lines += [text] * int(count)
        else:
            lines.append(line)
    return path, expected, "\n".join(lines)


def findings_of(path, text):
    if path.endswith("link_graph.txt"):
        return list(layers.check_link_graph(text, path))
    return list(check.check_text(path, text, FixedQt()))


class Cases(unittest.TestCase):
    def test_each_case_gives_exactly_what_it_says(self):
        for file in sorted(CASES.glob("*.txt")):
            with self.subTest(file.name):
                path, expected, text = read_case(file)
                found = [(finding.rule, finding.line) for finding in findings_of(path, text)]
                self.assertEqual(sorted(expected), sorted(found), [str(f) for f in findings_of(path, text)])

    def test_each_rule_is_broken_by_a_case(self):
        broken = {rule for file in CASES.glob("*.txt") for rule, _ in read_case(file)[1]}
        self.assertEqual(set(), ALL_RULES - broken - {"exceptions"})

    def test_each_rule_has_a_reason(self):
        for rule, reason in check.REASONS.items():
            self.assertGreater(len(reason), 40, rule)


class Exceptions(unittest.TestCase):
    finding = Finding("exec", "ui/shell/x.cpp", 7, "dialog.exec(")

    def left(self, *exceptions):
        return [f.rule for f in check.apply_exceptions([self.finding], list(exceptions))]

    def test_a_named_exception_covers_its_finding(self):
        self.assertEqual([], self.left({"rule": "exec", "path": "ui/shell/x.cpp", "reason": "…"}))

    def test_an_exception_of_another_file_or_rule_does_not(self):
        self.assertEqual(["exec", "exceptions"], self.left({"rule": "exec", "path": "ui/shell/y.cpp"}))
        self.assertEqual(["exec", "exceptions"], self.left({"rule": "shell", "path": "ui/shell/x.cpp"}))

    def test_an_exception_that_nothing_needs_is_a_finding(self):
        self.assertEqual(["exceptions"], [f.rule for f in check.apply_exceptions([], [{"rule": "exec", "path": "a.cpp"}])])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
