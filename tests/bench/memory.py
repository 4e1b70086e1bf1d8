#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does a worker's memory grow? Requests of many kinds, a third of them cancelled, and the PSS between two of them.

usage: memory.py [--build DIR] [--threads N] [--from N] [--to N] [--seed N]

PSS is read from /proc/PID/smaps_rollup, which is closed to all but root. The worker gets a copy of the model of its
own: pages of a file that another worker maps as well would count only half. The context is filled before the first
request counts, so that what is only used for the first time does not look like growth. Prints one JSON object.
"""
import json
import os
import pathlib
import random
import re
import shutil
import tempfile

from setup import MODEL, ORDINARY_TOKENS, Row, parser, setup_from
from worker import Worker

CONTEXT = 1024
FIRST, LAST = 100, 500
GOAL_PERCENT = 2.0
AT_ONCE = 6  # requests on the way; two more than are answered at a time
CONVERSATIONS = 5


def pss(pid):
    """KiB: all, and what is the process's own (not pages of files)."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {name: int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) for name in ("Pss", "Pss_Anon")}


def readable():
    return os.geteuid() == 0


def fill(worker, dice):
    """Uses the whole context, and every buffer."""
    numbers = [worker.start([dice.choice(ORDINARY_TOKENS) for _ in range(CONTEXT // 4)], 16,
                            {"conversation": f"c{number}"}, logprobs=3) for number in range(5)]
    for number in numbers:
        worker.done(number)
    # The largest physical batch over the most cells: that is what decides how large the buffers of the processor become.
    worker.done(worker.start([dice.choice(ORDINARY_TOKENS) for _ in range(CONTEXT - 32)], 1, {"reusePrefix": False}))


def question(dice):
    """(prompt, tokens of the answer, other fields)"""
    prompt = [dice.choice(ORDINARY_TOKENS) for _ in range(dice.choice((8, 8, 16, 40, 100, 250)))]
    fields = {"background": dice.random() < 0.3, "reusePrefix": dice.random() < 0.5}
    if dice.random() < 0.7:
        fields["conversation"] = f"c{dice.randrange(CONVERSATIONS)}"
    extra = {"logprobs": 3} if dice.random() < 0.2 else {}
    return prompt, dice.randrange(1, 24), fields, extra


def finish(worker, dice, number, counts):
    """The end of a request; a third is cancelled first, waiting or running."""
    if dice.random() < 1 / 3:
        worker.cancel(number)
        counts["asked_to_cancel"] += 1
    counts["cancelled"] += worker.done(number)["stopReason"] == "cancelled"
    counts["requests"] += 1


def run_until(worker, dice, running, counts, last):
    """Goes on until `last` requests have ended; `running` are left on the way."""
    while counts["requests"] < last:
        while len(running) < AT_ONCE:
            prompt, tokens, fields, extra = question(dice)
            running.append(worker.start(prompt, tokens, fields, **extra))
        finish(worker, dice, running.pop(dice.randrange(len(running))), counts)


def settle(worker, running, counts):
    for number in running:
        worker.done(number)
        counts["requests"] += 1
    running.clear()


def measure(setup, first=FIRST, last=LAST, seed=23):
    dice = random.Random(seed)
    counts = {"requests": 0, "asked_to_cancel": 0, "cancelled": 0}
    with tempfile.TemporaryDirectory(dir=setup.scratch()) as folder:
        model = pathlib.Path(shutil.copy(MODEL, folder))
        worker = Worker(setup.engine, model, {"contextTokens": CONTEXT, "threads": setup.threads})
        try:
            fill(worker, dice)
            running, sizes = [], []
            for end in (first, last):
                run_until(worker, dice, running, counts, end - AT_ONCE + 1)
                settle(worker, running, counts)
                sizes.append(pss(worker.pid))
        finally:
            worker.close()
    before, after = sizes
    return {"model": MODEL.name, "threads": setup.threads, "from": first, "to": last, "seed": seed, **counts,
            "pss_mib": [round(size["Pss"] / 1024, 2) for size in sizes],
            "anonymous_mib": [round(size["Pss_Anon"] / 1024, 2) for size in sizes],
            "growth_percent": round(100 * (after["Pss"] / before["Pss"] - 1), 3), "load": os.getloadavg()[0]}


def rows(found):
    before, after = found["pss_mib"]
    return [Row(f"Growth in percent of a worker's memory (PSS) from request {found['from']} to {found['to']}, "
                f"{found['cancelled']} of all cancelled", f"{after} MiB", f"{before} MiB before",
                found["growth_percent"], GOAL_PERCENT, least=False, command="tests/bench/memory.py")]


def main():
    made = parser(__doc__)
    for name, default in (("from", FIRST), ("to", LAST), ("seed", 23)):
        made.add_argument(f"--{name}", type=int, default=default)
    chosen = made.parse_args()
    print(json.dumps(measure(setup_from(chosen), getattr(chosen, "from"), chosen.to, chosen.seed), indent=1))


if __name__ == "__main__":
    main()
