#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Several chats at a time: our worker against `llama-server -np N` of the same source, in turns.

usage: parallel.py [--build DIR] [--threads N] [--rounds N] [--chats N] [--prompt N] [--answer N]

What is compared: answer tokens per second of all chats together, from the first request to the last end. Each chat
has a prompt of its own, so that nobody has anything in the KV cache; the end of an answer is forbidden to both, so
that both write the same number of tokens. Greedy. Prints one JSON object.
"""
import concurrent.futures
import json
import os
import random
import statistics
import time

from peer import Peer
from setup import ENDS, MODEL, ORDINARY_TOKENS, Row, parser, setup_from
from worker import Worker

CONTEXT, BATCH, UBATCH = 8192, 2048, 512
CHATS, PROMPT, ANSWER = 4, 64, 64


class Theirs:
    def __init__(self, chats, threads):
        self._peer = Peer(MODEL, threads, "-np", chats, "-c", CONTEXT, "-b", BATCH, "-ub", UBATCH, "-fa", "on")

    def close(self):
        self._peer.close()

    def answer(self, prompts, tokens):
        def one(prompt):
            body = {"prompt": prompt, "n_predict": tokens, "temperature": 0.0, "top_k": 1, "cache_prompt": False,
                    "stream": True, "logit_bias": [[end, False] for end in ENDS]}
            lines = self._peer.call("/completion", body).decode().splitlines()
            return json.loads([line for line in lines if line.startswith("data: ")][-1][6:])["tokens_predicted"]

        with concurrent.futures.ThreadPoolExecutor(len(prompts)) as pool:
            return sum(pool.map(one, prompts))


class Ours:
    def __init__(self, engine, chats, threads):
        options = {"contextTokens": CONTEXT, "threads": threads, "batchTokens": BATCH, "ubatchTokens": UBATCH,
                   "parallel": chats}
        self._worker = Worker(engine, MODEL, options)

    def close(self):
        self._worker.close()

    def answer(self, prompts, tokens):
        bias = [{"token": end, "bias": -100.0} for end in ENDS]
        numbers = [self._worker.start(prompt, tokens, logitBias=bias) for prompt in prompts]
        return sum(self._worker.done(number)["usage"]["answerTokens"] for number in numbers)


def measure(setup, chats=CHATS, prompt=PROMPT, answer=ANSWER):
    dice = random.Random(11)
    sides = {"ours": Ours(setup.engine, chats, setup.threads), "llama_server": Theirs(chats, setup.threads)}
    speeds = {name: [] for name in sides}
    try:
        for number in range(setup.rounds + 1):  # the first one warms up
            for name, side in sides.items():
                prompts = [[dice.choice(ORDINARY_TOKENS) for _ in range(prompt)] for _ in range(chats)]
                start = time.perf_counter()
                tokens = side.answer(prompts, answer)
                speed = tokens / (time.perf_counter() - start)
                if tokens != chats * answer:
                    raise RuntimeError(f"{name} wrote {tokens} tokens")
                if number > 0:
                    speeds[name].append(speed)
    finally:
        for side in sides.values():
            side.close()
    mine, theirs = (statistics.median(speeds[name]) for name in ("ours", "llama_server"))
    return {"model": MODEL.name, "chats": chats, "threads": setup.threads, "rounds": setup.rounds, "prompt": prompt,
            "answer": answer, "ours_tokens_per_s": round(mine, 2), "llama_server_tokens_per_s": round(theirs, 2),
            "ratio": round(mine / theirs, 4), "load": os.getloadavg()[0],
            "all": {name: [round(speed, 2) for speed in values] for name, values in speeds.items()}}


def rows(found):
    return [Row(f"{found['chats']} chats at a time, answers of {found['answer']} tokens",
                f"{found['ours_tokens_per_s']} tokens/s",
                f"llama-server {found['llama_server_tokens_per_s']} tokens/s", found["ratio"], 1.0,
                command="tests/bench/parallel.py")]


def main():
    options = parser(__doc__)
    for name, default in (("chats", CHATS), ("prompt", PROMPT), ("answer", ANSWER)):
        options.add_argument(f"--{name}", type=int, default=default)
    chosen = options.parse_args()
    print(json.dumps(measure(setup_from(chosen), chosen.chats, chosen.prompt, chosen.answer), indent=1))


if __name__ == "__main__":
    main()
