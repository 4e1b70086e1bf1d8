#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vault.db beside plain SQLite: the same library, schema and statements without a key, in one run and in turns.

usage: vault.py [--build DIR] [--rounds N] [--messages N]

Twice: 100,000 messages in 10,000 conversations, and in a single one. Prints one JSON object (see vault_bench.cpp).
"""
import json
import shutil
import subprocess
import tempfile

from setup import Row, parser, setup_from

MESSAGES = 100_000
CONVERSATIONS = 10_000
SEARCH_MS = 30
LIST_MS = 150
RATIO = 1.3
COMMAND = "tests/bench/vault.py"
READ = "read a conversation"
WRITE = "write a question and its answer, three commits"


def measure(setup, messages=MESSAGES):
    folder = tempfile.mkdtemp(prefix="vault-", dir=setup.scratch())
    try:
        output = subprocess.run([setup.bin / "vault_bench", folder, str(messages),
                                 str(messages * CONVERSATIONS // MESSAGES), str(setup.rounds)],
                                check=True, capture_output=True, text=True).stdout
        return json.loads(output)
    finally:
        shutil.rmtree(folder)


def beside(what, found, goal=None):
    """A row about the quotient of the two. The clock of a busy machine says little: the processor's time is named, too."""
    return Row(what, f"{found['encrypted_p50']:.3g} ms (95 %: {found['encrypted_p95']:.3g})",
               f"plain SQLite {found['plain_p50']:.3g} ms; processor {found['encrypted_cpu']:.3g} and "
               f"{found['plain_cpu']:.3g} ms", round(found["ratio"], 2), goal, False, COMMAND)


def rows(found):
    count, many, one = found["messages"], found["many"], found["one"]
    yield beside(f"Storing 1,000 messages of {count:,} in one transaction", many["insert 1000 messages"], RATIO)
    yield beside("A question and its answer, three durable commits", many[WRITE], RATIO)
    yield beside("Reading a conversation of ten messages for the first time", many[READ], RATIO)
    yield beside("Searching, nine kinds of query", many["search"], RATIO)
    yield Row("Searching, nine kinds of query, median in ms", f"{many['search']['encrypted_p50']:.3g} ms", "",
              round(many["search"]["encrypted_p50"], 1), SEARCH_MS, False, COMMAND)
    for kind, times in many.items():
        if kind.startswith("search: "):
            yield beside(f"Searching, {kind.removeprefix('search: ')}", times)
    listed = many["open and list all conversations"]
    yield Row("All conversations listed after the key is known, in ms", f"{listed['encrypted_p50']:.3g} ms",
              f"plain SQLite {listed['plain_p50']:.3g} ms", round(listed["encrypted_p50"], 1), LIST_MS, False, COMMAND)
    yield beside(f"One conversation of {count:,} messages: all of it", one[READ])
    yield beside("Its last 200 messages", one["read the last 200 messages"])
    yield beside("Searching in it", one["search"], RATIO)


def main():
    made = parser(__doc__, rounds=3)
    made.add_argument("--messages", type=int, default=MESSAGES)
    options = made.parse_args()
    print(json.dumps(measure(setup_from(options), options.messages), indent=1))


if __name__ == "__main__":
    main()
