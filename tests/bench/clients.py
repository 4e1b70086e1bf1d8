#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many clients on one worker: does everybody get an answer, in which order, and after how long?

usage: clients.py [--build DIR] [--threads N] [--clients N] [--questions N] [--seed N]

Each client asks, waits for its answer and asks again; every fourth works in the background. The order in which the
worker begins its answers is seen from its frames: it sends `promptProgress` with 0 tokens when it takes a question
up. What frames.md and request_queue.h promise is then checked, not only how long it took: questions of people are
taken up in the order of their coming, and while one of the background waits, at most PATIENCE of people are taken
up before it. At last more questions are asked at once than may wait: some must be refused as busy, and the others
answered. Prints one JSON object.
"""
import json
import os
import random
import statistics

from setup import ENDS, MODEL, ORDINARY_TOKENS, Row, parser, setup_from
from worker import Worker, WorkerFailure

CONTEXT = 8192
CLIENTS, QUESTIONS = 64, 6
PATIENCE, CAPACITY = 8, 64  # inference/engine/schedule/request_queue.h
TOO_MANY = 24
PRIORITIES = {"people": False, "background": True}


class Load:
    """The clients, and what was seen of their questions."""

    def __init__(self, worker, clients, questions, seed):
        self._worker = worker
        self._dice = random.Random(seed)
        self._left = {client: questions for client in range(clients)}
        self._client = {}     # request: client
        self.background = {}  # request: bool
        self.order = []       # events in the order of the worker's frames: ("asked" | "begun", request)
        self.done = {}

    def ask(self, client):
        prompt = [self._dice.choice(ORDINARY_TOKENS) for _ in range(self._dice.choice((16, 64, 192)))]
        background = client % 4 == 3
        number = self._worker.start(prompt, self._dice.randrange(4, 33), {"background": background},
                                    logitBias=[{"token": end, "bias": -100.0} for end in ENDS])
        self._left[client] -= 1
        self._client[number], self.background[number] = client, background
        self.order.append(("asked", number))

    def run(self):
        for client in list(self._left):
            self.ask(client)
        while len(self.done) < len(self._client):
            frame = self._worker.next_frame()
            number = frame["id"]
            if frame["t"] == "error":
                raise WorkerFailure(f"a question was refused: {frame['code']}")
            if frame["t"] == "promptProgress" and frame["done"] == 0:
                self.order.append(("begun", number))
            if frame["t"] == "done":
                self.done[number] = self._worker.done(number)
                if self._left[self._client[number]] > 0:
                    self.ask(self._client[number])


def longest_wait_in_turns(order, background):
    """The most questions of people that were taken up while one of the background waited, counted from when it was
    first among those of the background."""
    waiting, passed, most = [], 0, 0
    for event, number in order:
        if event == "asked":
            if background[number]:
                waiting.append(number)
        elif background[number]:
            waiting.remove(number)
            passed = 0
        elif waiting:
            passed += 1
            most = max(most, passed)
    return most


def overtaken(order, background, of_it):
    """Questions of one priority that were taken up before an earlier one of the same."""
    begun = [number for event, number in order if event == "begun" and background[number] == of_it]
    return sum(1 for earlier, later in zip(begun, begun[1:]) if later < earlier)


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def latencies(dones):
    """p50, p95 and the largest, in ms, of: waiting, the first token, the whole."""
    table = {"answers": len(dones)}
    for name in ("queuedMs", "firstTokenMs", "totalMs"):
        values = [done["usage"][name] for done in dones]
        table[name] = {"p50": round(statistics.median(values)), "p95": percentile(values, 0.95), "max": max(values)}
    return table


def refuse(worker, parallel):
    """(answered, refused) of more questions at once than may wait."""
    dice = random.Random(3)
    numbers = [worker.start([dice.choice(ORDINARY_TOKENS) for _ in range(32)], 4)
               for _ in range(CAPACITY + parallel + TOO_MANY)]
    answered = refused = 0
    for number in numbers:
        try:
            worker.done(number)
            answered += 1
        except WorkerFailure as failure:
            if failure.code != "ENGINE_BUSY":
                raise
            refused += 1
    return answered, refused


def measure(setup, clients=CLIENTS, questions=QUESTIONS, seed=29):
    worker = Worker(setup.engine, MODEL, {"contextTokens": CONTEXT, "threads": setup.threads})
    try:
        load = Load(worker, clients, questions, seed)
        load.run()
        answered, refused = refuse(worker, worker.loaded["parallel"])
    finally:
        worker.close()
    tables = {name: latencies([done for number, done in load.done.items() if load.background[number] == background])
              for name, background in PRIORITIES.items()}
    return {"model": MODEL.name, "threads": setup.threads, "clients": clients, "questions": clients * questions,
            "seed": seed, "parallel": worker.loaded["parallel"], "answered": len(load.done),
            "most_passed_over": longest_wait_in_turns(load.order, load.background),
            "overtaken": {name: overtaken(load.order, load.background, background)
                          for name, background in PRIORITIES.items()},
            "too_many": {"answered": answered, "refused": refused}, "latency_ms": tables, "load": os.getloadavg()[0]}


def problems(found):
    """What of the promises was not kept; empty: all was."""
    said = []
    if found["answered"] != found["questions"]:
        said.append(f"{found['answered']} of {found['questions']} questions were answered")
    # What the worker takes up while a question is on its way to it seems to pass it over.
    if found["most_passed_over"] > PATIENCE + found["parallel"]:
        said.append(f"{found['most_passed_over']} questions of people went before one of the background")
    said += [f"{count} questions of {name} were overtaken" for name, count in found["overtaken"].items() if count]
    if not found["too_many"]["refused"] or found["too_many"]["answered"] < CAPACITY:
        said.append(f"of too many questions: {found['too_many']}")
    return said


def rows(found):
    said = problems(found)
    lines = [Row(f"{found['clients']} clients, {found['questions']} questions on one worker: promises not kept",
                 f"{found['answered']} answered",
                 f"at most {found['most_passed_over']} of people before one of the background; "
                 + ("; ".join(said) or "nobody overtaken, too many refused as busy"),
                 len(said), 0, least=False, command="tests/bench/clients.py")]
    for name, table in found["latency_ms"].items():
        parts = ((what, table[key]) for what, key in (("waiting", "queuedMs"), ("first token", "firstTokenMs"),
                                                      ("whole answer", "totalMs")))
        lines.append(Row(f"Latencies of {table['answers']} questions of {name} (p50, p95, largest)",
                         "; ".join(f"{what} {part['p50']}, {part['p95']}, {part['max']} ms" for what, part in parts),
                         command="tests/bench/clients.py"))
    return lines


def main():
    made = parser(__doc__)
    for name, default in (("clients", CLIENTS), ("questions", QUESTIONS), ("seed", 29)):
        made.add_argument(f"--{name}", type=int, default=default)
    chosen = made.parse_args()
    found = measure(setup_from(chosen), chosen.clients, chosen.questions, chosen.seed)
    print(json.dumps(found | {"problems": problems(found)}, indent=1))


if __name__ == "__main__":
    main()
