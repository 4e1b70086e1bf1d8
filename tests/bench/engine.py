# SPDX-License-Identifier: Apache-2.0
"""Our worker against llama-bench of the same source: same threads, batch sizes, prompt length, depth, in turns.

What is compared: reading a prompt of 512 tokens, and writing 128 tokens after it (llama-bench: tg128 at depth 512). Ours
samples, cuts text into characters and sends frames; llama-bench does not. Both compute as we do on this machine, with or
without flash attention. Then writing after 4,000 tokens, ours as it is and llama-bench with flash attention, which is
what llama.cpp's programs do by themselves.
"""
import json
import os
import random
import statistics
import subprocess

from setup import LLAMA, MODEL, ORDINARY_TOKENS, Row
from worker import Worker

PROMPT, ANSWER = 512, 128
LONG_PROMPT, LONG_ANSWER, LONG_ROUNDS = 4000, 32, 3
BATCH, UBATCH = 2048, 512


class Ours:
    def __init__(self, setup, context):
        options = {"contextTokens": context, "threads": setup.threads, "batchTokens": BATCH, "ubatchTokens": UBATCH}
        self._worker = Worker(setup.engine, MODEL, options)
        self._dice = random.Random(7)

    @property
    def flash_attention(self):
        return self._worker.loaded["flashAttention"]

    def close(self):
        self._worker.close()

    def speeds(self, prompt, answer):
        """(prefill, decode) in tokens per second. A new prompt each time, so that nothing is in the KV cache."""
        tokens = [self._dice.choice(ORDINARY_TOKENS) for _ in range(prompt)]
        usage = self._worker.generate(tokens, answer)["usage"]
        if usage["answerTokens"] < answer // 2:
            return self.speeds(prompt, answer)  # the model had nothing to say to this noise
        decode_s = (usage["totalMs"] - usage["firstTokenMs"]) / 1000
        return usage["promptTokens"] / (usage["firstTokenMs"] / 1000), (usage["answerTokens"] - 1) / decode_s


def peer(setup, flash_attention, *what):
    command = [LLAMA / "llama-bench", "-m", MODEL, "-t", setup.threads, "-b", BATCH, "-ub", UBATCH,
               "-fa", int(flash_attention), "-r", 1, "-o", "json", *what]
    output = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    return json.loads(output)[0]["avg_ts"]


def compared(ours, theirs):
    mine, others = statistics.median(ours), statistics.median(theirs)
    return {"ours_tokens_per_s": round(mine, 2), "llama_bench_tokens_per_s": round(others, 2),
            "ratio": round(mine / others, 4)}


def measure_short(setup):
    side = Ours(setup, 2 * PROMPT)
    ours, theirs = [], []
    try:
        side.speeds(PROMPT, ANSWER)  # pages of the file are read, caches are warm
        for _ in range(setup.rounds):
            ours.append(side.speeds(PROMPT, ANSWER))
            theirs.append((peer(setup, side.flash_attention, "-p", PROMPT, "-n", 0),
                           peer(setup, side.flash_attention, "-p", 0, "-n", ANSWER, "-d", PROMPT)))
        found = {"flash_attention": side.flash_attention}
    finally:
        side.close()
    for number, name in enumerate(("prefill", "decode")):
        found[name] = compared([row[number] for row in ours], [row[number] for row in theirs])
    return found


def measure_long(setup):
    side = Ours(setup, 2 * LONG_PROMPT)
    ours, theirs = [], []
    try:
        for _ in range(min(setup.rounds, LONG_ROUNDS)):
            ours.append(side.speeds(LONG_PROMPT, LONG_ANSWER)[1])
            theirs.append(peer(setup, True, "-p", 0, "-n", LONG_ANSWER, "-d", LONG_PROMPT))
    finally:
        side.close()
    return compared(ours, theirs)


def measure(setup):
    return {"model": MODEL.name, "threads": setup.threads, "rounds": setup.rounds, **measure_short(setup),
            "long": measure_long(setup), "load": os.getloadavg()[0]}


def rows(found):
    how = "with" if found["flash_attention"] else "without"
    for name, text, goal in (("prefill", f"Reading a prompt of {PROMPT} tokens, both {how} flash attention", 0.98),
                             ("decode", f"Writing {ANSWER} tokens after it", 0.98),
                             ("long", f"Writing after {LONG_PROMPT} tokens, llama-bench with flash attention", None)):
        part = found[name]
        yield Row(text, f"{part['ours_tokens_per_s']} tokens/s",
                  f"llama-bench {part['llama_bench_tokens_per_s']} tokens/s", part["ratio"], goal,
                  command="./dev bench --only engine")
