# SPDX-License-Identifier: Apache-2.0
"""Our worker against llama-bench of the same source: same threads, batch sizes, prompt length, depth, in turns.

What is compared: reading a prompt of 512 tokens, and writing 128 tokens after it (llama-bench: tg128 at depth 512). Ours
samples, cuts text into characters and sends frames; llama-bench does not.
"""
import json
import random
import statistics
import subprocess

from worker import Worker

PROMPT, ANSWER = 512, 128
BATCH, UBATCH = 2048, 512
ORDINARY_TOKENS = range(1000, 40000)  # no control tokens in SmolLM2's vocabulary of 49152


def measure(bin_folder, llama_folder, model, threads, rounds):
    options = {"contextTokens": 1024, "threads": threads, "batchTokens": BATCH, "ubatchTokens": UBATCH,
               "flashAttention": "on"}
    worker = Worker(bin_folder / "tramontane-engine", model, options)
    dice = random.Random(7)
    ours, peers = [], []
    try:
        _ours(worker, dice)  # pages of the file are read, caches are warm
        for _ in range(rounds):
            ours.append(_ours(worker, dice))
            peers.append(_peer(llama_folder, model, threads))
    finally:
        worker.close()
    result = {"model": model.name, "threads": threads, "rounds": rounds}
    for number, name in enumerate(("prefill", "decode")):
        mine, theirs = (statistics.median(row[number] for row in rows) for rows in (ours, peers))
        result[name] = {"ours_tokens_per_s": round(mine, 2), "llama_bench_tokens_per_s": round(theirs, 2),
                        "ratio": round(mine / theirs, 4)}
    return result


def _ours(worker, dice):
    """(prefill, decode) in tokens per second. A new prompt each time, so that nothing is in the KV cache."""
    usage = worker.generate([dice.choice(ORDINARY_TOKENS) for _ in range(PROMPT)], ANSWER)["usage"]
    if usage["answerTokens"] < ANSWER // 2:
        return _ours(worker, dice)  # the model had nothing to say to this noise
    decode_s = (usage["totalMs"] - usage["firstTokenMs"]) / 1000
    return usage["promptTokens"] / (usage["firstTokenMs"] / 1000), (usage["answerTokens"] - 1) / decode_s


def _peer(llama_folder, model, threads):
    common = [llama_folder / "llama-bench", "-m", model, "-t", str(threads), "-b", str(BATCH), "-ub", str(UBATCH),
              "-fa", "1", "-r", "1", "-o", "json"]
    speeds = []
    for what in (["-p", str(PROMPT), "-n", "0"], ["-p", "0", "-n", str(ANSWER), "-d", str(PROMPT)]):
        output = subprocess.run([*common, *what], check=True, capture_output=True, text=True).stdout
        speeds.append(json.loads(output)[0]["avg_ts"])
    return speeds
