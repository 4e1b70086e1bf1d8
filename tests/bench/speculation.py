#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Guessing from the prompt: our worker against llama-server without speculation, on tasks that quote and tasks that
do not.

usage: speculation.py [--build DIR] [--threads N] [--rounds N] [--tasks N]

Ten tasks quote or edit a document, ten write freely (writing_tasks.py). All answers are greedy, all sides get the
same tokens. What is compared is the speed of writing, from the first token of an answer to its last, as each side
counts it itself; the first round also gives the speed of the whole, with the reading of the prompt. Later rounds
may keep the prompt in memory, on both sides.

Each answer is held against that of our own worker without speculation; text_equality.py says how a difference is
judged. Prints one JSON object.
"""
import json
import os
import statistics

import text_equality
from peer import Peer
from setup import MODEL, Row, parser, setup_from
from worker import Worker
from writing_tasks import PROSE, PROSE_TOKENS, QUOTED_TOKENS, QUOTING

CONTEXT, BATCH, UBATCH = 4096, 2048, 512
AT_ONCE = 4
MOST_ROUNDS = 3    # of each task: the median is taken over ten tasks
LEAST_ANSWER = 48  # tokens; a shorter answer says nothing about speed
GOALS = {"quoting": ("quote or edit a document", 1.5), "prose": ("write freely", 0.97)}
EQUAL_GOAL = 9  # of ten


class Ours:
    def __init__(self, engine, threads, speculation):
        options = {"contextTokens": CONTEXT, "threads": threads, "batchTokens": BATCH, "ubatchTokens": UBATCH,
                   "speculation": speculation, "parallel": AT_ONCE}
        self.worker = Worker(engine, MODEL, options)

    def close(self):
        self.worker.close()

    def run(self, prompt, tokens, fresh):
        how = {"reportTokenIds": True, "reusePrefix": not fresh, "conversation": "task"}
        if fresh:
            self.worker.forget("task")  # where the cells lie changes the order of sums
        done = self.worker.generate(prompt, tokens, how)
        usage = done["usage"]
        return {"ids": done["answerTokenIds"], "tokens": usage["answerTokens"],
                "write_ms": usage["totalMs"] - usage["firstTokenMs"], "whole_ms": usage["totalMs"],
                "drafted": usage["drafted"], "accepted": usage["draftAccepted"]}


class Theirs:
    def __init__(self, threads):
        self._peer = Peer(MODEL, threads, "-np", 1, "-c", CONTEXT, "-b", BATCH, "-ub", UBATCH, "-fa", "on")

    def close(self):
        self._peer.close()

    def run(self, prompt, tokens, fresh):
        body = {"prompt": prompt, "n_predict": tokens, "temperature": 0.0, "top_k": 1, "cache_prompt": not fresh,
                "return_tokens": True}
        reply = json.loads(self._peer.call("/completion", body))
        times = reply["timings"]
        return {"ids": reply["tokens"], "tokens": times["predicted_n"], "write_ms": times["predicted_ms"],
                "whole_ms": times["prompt_ms"] + times["predicted_ms"], "drafted": 0, "accepted": 0}


def speed(run):
    """Tokens per second after the first one."""
    return 1000 * (run["tokens"] - 1) / max(run["write_ms"], 1)


def whole_speed(run):
    return 1000 * run["tokens"] / max(run["whole_ms"], 1)


def first_round(sides, prompt, tokens):
    """(runs of each side, where the answer parts from that without guesses); all from an empty memory."""
    runs = {name: [side.run(prompt, tokens, fresh=True)] for name, side in sides.items()}
    off, guessed = (runs[name][0]["ids"] for name in ("off", "prompt"))
    return runs, text_equality.divergence(sides["off"].worker, prompt, tokens, off, guessed)


def measure_task(sides, task, prompt, tokens, rounds, begun):
    runs, parted = begun
    for _ in range(1, rounds):
        for name, side in sides.items():
            runs[name].append(side.run(prompt, tokens, fresh=False))
    short = min(run["tokens"] for name in runs for run in runs[name])
    if short < LEAST_ANSWER:
        raise RuntimeError(f"{task.name}: an answer of {short} tokens says nothing about speed")
    middle = {name: statistics.median(map(speed, found)) for name, found in runs.items()}
    first = {name: found[0] for name, found in runs.items()}
    ids = {name: run["ids"] for name, run in first.items()}
    return {"task": task.name, "prompt_tokens": len(prompt), "answer_tokens": first["prompt"]["tokens"],
            "tokens_per_s": {name: round(value, 2) for name, value in middle.items()},
            "ratio": round(middle["prompt"] / middle["server"], 4),
            "ratio_to_off": round(middle["prompt"] / middle["off"], 4),
            "whole_ratio": round(whole_speed(first["prompt"]) / whole_speed(first["server"]), 4),
            "drafted": first["prompt"]["drafted"], "accepted": first["prompt"]["accepted"],
            "divergence": parted, "same_as_server": ids["off"] == ids["server"]}


def shape_difference(worker, prompts, tokens, places):
    """The largest change of a token's chance by the shape of the batch alone, without speculation."""
    answers = [text_equality.alone(worker, prompt, tokens) for prompt in prompts]
    read = [text_equality.read_instead(worker, prompt, answer, places_in(answer[0], places))
            for prompt, answer in zip(prompts, answers)]
    groups = [slice(start, start + AT_ONCE) for start in range(0, len(prompts), AT_ONCE)]
    beside = [text_equality.side_by_side(worker, prompts[group], answers[group], tokens) for group in groups]
    return max(read + beside)


def places_in(ids, count):
    return [len(ids) * (number + 1) // (count + 1) for number in range(count)]


def judge(tasks, difference):
    """How many answers are equal to those without speculation, and whether each difference was a near-tie."""
    parted = [task["divergence"] for task in tasks if task["divergence"]]
    ties = [entry for entry in parted if entry["gap"] is not None and entry["gap"] < difference]
    return {"tasks": len(tasks), "equal": len(tasks) - len(parted), "near_ties": len(ties),
            "gaps": [entry["gap"] for entry in parted]}


def group(sides, tasks, tokens, rounds):
    worker = sides["off"].worker
    prompts = [worker.tokenize(task.prompt(), special=True) for task in tasks]
    # Before the rounds that keep beginnings in memory: those stay there for whoever begins alike, and move the cells.
    begun = [first_round(sides, prompt, tokens) for prompt in prompts]
    return prompts, [measure_task(sides, task, prompt, tokens, rounds, first)
                     for task, prompt, first in zip(tasks, prompts, begun)]


def measure(setup, tasks=10):
    sides, rounds = {}, min(setup.rounds, MOST_ROUNDS)
    try:
        for name in ("off", "prompt"):
            sides[name] = Ours(setup.engine, setup.threads, name)
        sides["server"] = Theirs(setup.threads)
        free, prose = group(sides, PROSE[:tasks], PROSE_TOKENS, rounds)
        quoted, quoting = group(sides, QUOTING[:tasks], QUOTED_TOKENS, rounds)
        worker = sides["off"].worker
        difference = max(shape_difference(worker, quoted[::3], QUOTED_TOKENS // 4, 2),
                         shape_difference(worker, free, PROSE_TOKENS, 5))
    finally:
        for side in sides.values():
            side.close()
    result = {"model": MODEL.name, "threads": setup.threads, "rounds": rounds, "load": os.getloadavg()[0],
              "batch_shape_difference": round(difference, 6)}
    for name, found in (("quoting", quoting), ("prose", prose)):
        result[name] = {"ratio": round(statistics.median(task["ratio"] for task in found), 4),
                        "whole_ratio": round(statistics.median(task["whole_ratio"] for task in found), 4),
                        **judge(found, difference), "all": found}
    return result


def rows(found):
    command, lines = "tests/bench/speculation.py", []
    for name, (what, goal) in GOALS.items():
        part = found[name]
        mine, theirs = (statistics.median(task["tokens_per_s"][side] for task in part["all"])
                        for side in ("prompt", "server"))
        lines.append(Row(f"Writing, {part['tasks']} tasks that {what}, guessing from the prompt; median of quotients",
                         f"{mine:g} tokens/s", f"llama-server without guesses {theirs:g} tokens/s", part["ratio"],
                         goal, command=command))
        lines += equality_rows(what, part, found["batch_shape_difference"], command)
    return lines


def equality_rows(what, part, difference, command):
    gaps = ", ".join(map(str, part["gaps"])) or "none"
    yield Row(f"Answers equal to those without guesses, tasks that {what}", f"{part['equal']} of {part['tasks']}", "",
              part["equal"], EQUAL_GOAL * part["tasks"] // 10, command=command)
    yield Row(f"First differences that are no near-ties, tasks that {what}",
              f"gaps of the two likeliest tokens: {gaps}", f"largest change by the batch's shape alone {difference}",
              len(part["gaps"]) - part["near_ties"], 0, least=False, command=command)


def main():
    made = parser(__doc__)
    made.add_argument("--tasks", type=int, default=10, help="of each kind")
    chosen = made.parse_args()
    print(json.dumps(measure(setup_from(chosen), chosen.tasks), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
