#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A conversation goes on after a restart: the whole program, with and without the state that the vault keeps.

usage: restart.py [--build DIR] [--threads N] [--rounds N] [--tokens N…]

`tramontanectl chat` fills a conversation of a vault until it has so many tokens. Then copies of that vault are
asked, in turns: as it is (the state is read, decrypted, unpacked and given to a new worker), without its snapshots
(all is computed), and a new, short conversation, which costs all the rest: opening the vault, the log, starting the
worker, loading the model. The time counts from the start of the program to the first piece of the answer. The
quotient compares what is left without that rest. Prints one JSON object.
"""
import json
import os
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import time

from embeddings import WORDS
from setup import MODEL, ROOT, Row, print_sizes

sys.path.insert(0, str(ROOT / "tests/e2e"))
from vault_home import Home  # noqa: E402

CONTEXT = 9216
SIZES = (1000, 4000, 8000)
WORDS_A_TURN = 200
GOAL, GOAL_SIZE = 30, 4000


def sentence(dice):
    return " ".join(dice.choices(WORDS, k=10)).capitalize() + "."


def chat(home, threads, *arguments):
    """(seconds from the start to the first piece of the answer, the last event)"""
    start = time.perf_counter()
    process = home.start("chat", "--context", CONTEXT, "--threads", threads, "--temperature", 0, "--max-tokens", 4,
                         *arguments)
    first = last = None
    for line in process.stdout:
        last = json.loads(line)
        if first is None and last["type"] == "token":
            first = time.perf_counter() - start
    errors = process.stderr.read()
    if process.wait() != 0 or last is None or last["type"] != "done" or first is None:
        raise RuntimeError(f"chat ended with {process.returncode}: {last} {errors}")
    return first, last


def fill(home, dice, threads, size, conversation, tokens):
    """(id, tokens) of the conversation, which now has at least `size`."""
    while tokens < size:
        text = " ".join(sentence(dice) for _ in range(WORDS_A_TURN // 10))
        _, done = chat(home, threads, *(["-c", conversation] if conversation else []), text)
        conversation = done["conversation"]
        tokens = done["usage"]["prompt_tokens"] + done["usage"]["answer_tokens"]
    return conversation, tokens


def snapshot_bytes(vault):
    return sum(file.stat().st_size for file in (vault / "snapshots").rglob("*") if file.is_file())


def timed(home, filled, threads, conversation, keep):
    """Seconds to the first piece of an answer in a copy of the vault."""
    home.vault = home.root / "copy"
    shutil.copytree(filled, home.vault)
    if not keep:
        for file in (home.vault / "snapshots").rglob("*"):
            if file.is_file():
                file.unlink()
    try:
        where = ["-c", conversation] if conversation else []
        seconds, done = chat(home, threads, *where, "What is this about?")
        return seconds, done["usage"]["first_token_ms"]
    finally:
        shutil.rmtree(home.vault)
        home.vault = filled


def measure_size(home, setup, conversation, tokens):
    filled = home.vault
    kept = snapshot_bytes(filled)
    if kept == 0:
        raise RuntimeError("the vault keeps no state of the conversation")
    times = {"restored": [], "computed": [], "short": []}
    engine = {name: [] for name in times}
    for _ in range(setup.rounds):
        for name in times:
            where = "" if name == "short" else conversation
            seconds, ms = timed(home, filled, setup.threads, where, keep=name != "computed")
            times[name].append(1000 * seconds)
            engine[name].append(ms)
    middle = {name: statistics.median(values) for name, values in times.items()}
    saved = {name: middle[name] - middle["short"] for name in ("restored", "computed")}
    return {"tokens": tokens, "snapshot_mib": round(kept / 2**20, 1),
            **{f"{name}_ms": round(value) for name, value in middle.items()},
            **{f"{name}_engine_ms": round(statistics.median(values)) for name, values in engine.items()},
            "whole_ratio": round(middle["computed"] / middle["restored"], 2),
            "ratio": round(saved["computed"] / max(saved["restored"], 1.0), 1)}


def measure(setup, sizes=SIZES):
    dice, conversation, tokens, found = random.Random(19), "", 0, []
    with tempfile.TemporaryDirectory(dir=setup.scratch()) as folder:
        home = Home(setup.bin, MODEL, pathlib.Path(folder))
        home.create()
        for size in sorted(sizes):
            conversation, tokens = fill(home, dice, setup.threads, size, conversation, tokens)
            found.append(measure_size(home, setup, conversation, tokens))
    return {"model": MODEL.name, "threads": setup.threads, "rounds": setup.rounds, "sizes": found,
            "load": os.getloadavg()[0]}


def rows(found):
    return [Row(f"First token after a restart, {part['tokens']} tokens in the vault (snapshot {part['snapshot_mib']} "
                f"MiB), above the {part['short_ms']} ms of a short conversation",
                f"{part['restored_ms'] - part['short_ms']} ms",
                f"computing them {part['computed_ms'] - part['short_ms']} ms", part["ratio"],
                GOAL if part["tokens"] // 1000 * 1000 == GOAL_SIZE else None,
                command="tests/bench/restart.py") for part in found["sizes"]]


if __name__ == "__main__":
    print_sizes(__doc__, measure, SIZES)
