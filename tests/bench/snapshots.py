#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A conversation's memory given back to a new worker, against reading the conversation again. Frames only.

usage: snapshots.py [--build DIR] [--threads N] [--rounds N] [--tokens N…]

For each size: one worker reads the conversation, its state is taken, packed as the vault's store does (zstd, level
1) and written durably. Then, in turns, with a new worker each: the file is read, unpacked and given back, and the
conversation goes on; or all is computed. Both are asked the same and must begin the same answer. The times count
from the moment when the model is loaded. Encryption is not in it: restart.py measures the whole program. Prints one
JSON object.
"""
import os
import pathlib
import random
import statistics
import tempfile
import time

import zstd
from setup import MODEL, ORDINARY_TOKENS, Row, print_sizes
from worker import Worker
from writing_tasks import DOCUMENTS

CONTEXT = 9216
SIZES = (1000, 4000, 8000)
QUESTION = 16  # tokens with which the conversation goes on
LEVEL = 1      # as storage/snapshots/packing.cpp
KEY = "bench"


def options(threads):
    return {"contextTokens": CONTEXT, "threads": threads, "parallel": 1}


def first_token(worker, prompt):
    """(ms from asking to the first token, its id, tokens of the prompt that were in memory)"""
    start = time.perf_counter()
    done = worker.generate(prompt, 1, {"conversation": KEY, "reusePrefix": True, "reportTokenIds": True})
    return 1000 * (time.perf_counter() - start), done["answerTokenIds"][0], done["usage"]["promptReused"]


def text_tokens(setup):
    """The documents of the writing tasks, one after another: 1,000 random tokens would not be packed as text is."""
    worker = Worker(setup.engine, MODEL, {"contextTokens": 512, "threads": setup.threads})
    try:
        return worker.tokenize("\n\n".join(file.read_text(encoding="utf-8") for file in sorted(DOCUMENTS.iterdir())))
    finally:
        worker.close()


def save(setup, prompt, path):
    """Tokens, bytes and times of a state that is written to `path`."""
    worker = Worker(setup.engine, MODEL, options(setup.threads))
    try:
        first_token(worker, prompt)
        start = time.perf_counter()
        tokens, data = worker.save_state(KEY)
        streamed = time.perf_counter()
        packed = zstd.compress(data, LEVEL)
        with open(path, "wb") as file:
            file.write(packed)
            file.flush()
            os.fsync(file.fileno())
        end = time.perf_counter()
    finally:
        worker.close()
    return tokens, {"state_mib": round(len(data) / 2**20, 1), "file_mib": round(len(packed) / 2**20, 1),
                    "state_bytes": len(data), "stream_ms": round(1000 * (streamed - start)),
                    "save_ms": round(1000 * (end - start))}


def restored(setup, prompt, path, tokens, size):
    """(ms to the first token, its id); the state comes from the file."""
    worker = Worker(setup.engine, MODEL, options(setup.threads))
    try:
        start = time.perf_counter()
        if worker.restore_state(KEY, tokens, zstd.decompress(path.read_bytes(), size)) != len(tokens):
            raise RuntimeError("the state came back shorter than it was")
        back = 1000 * (time.perf_counter() - start)
        ms, token, reused = first_token(worker, prompt)
        if reused < len(tokens) - 1:
            raise RuntimeError(f"only {reused} of {len(tokens)} tokens were used again")
        return back + ms, token
    finally:
        worker.close()


def computed(setup, prompt):
    worker = Worker(setup.engine, MODEL, options(setup.threads))
    try:
        ms, token, _ = first_token(worker, prompt)
        return ms, token
    finally:
        worker.close()


def measure_size(setup, text, size, folder):
    prompt = (text * (size // len(text) + 1))[:size]
    path = folder / "state.zst"
    tokens, figures = save(setup, prompt, path)
    asked = prompt + random.Random(17).choices(ORDINARY_TOKENS, k=QUESTION)
    back, anew = [], []
    for _ in range(setup.rounds):
        ms, token = restored(setup, asked, path, tokens, figures["state_bytes"])
        other_ms, other = computed(setup, asked)
        figures["same_first_token"] = figures.get("same_first_token", True) and token == other
        back.append(ms)
        anew.append(other_ms)
    mine, theirs = statistics.median(back), statistics.median(anew)
    return figures | {"tokens": len(tokens), "restored_ms": round(mine), "computed_ms": round(theirs),
                      "ratio": round(theirs / mine, 1)}


def measure(setup, sizes=SIZES):
    text = text_tokens(setup)
    with tempfile.TemporaryDirectory(dir=setup.scratch()) as folder:
        found = [measure_size(setup, text, size, pathlib.Path(folder)) for size in sizes]
    return {"model": MODEL.name, "threads": setup.threads, "rounds": setup.rounds, "level": LEVEL, "sizes": found,
            "load": os.getloadavg()[0]}


def rows(found):
    return [Row(f"First token of {part['tokens']} tokens whose state is given back ({part['file_mib']} of "
                f"{part['state_mib']} MiB, saved in {part['save_ms']} ms)", f"{part['restored_ms']} ms",
                f"computing them {part['computed_ms']} ms", part["ratio"], command="tests/bench/snapshots.py")
            for part in found["sizes"]]


if __name__ == "__main__":
    print_sizes(__doc__, measure, SIZES)
