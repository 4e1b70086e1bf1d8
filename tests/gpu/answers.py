# SPDX-License-Identifier: Apache-2.0
"""Whole models on the GPU against the same models on the CPU, and how fast they write. Standard library only.

Two devices add in different orders, so logits differ a little and a near-tie may fall the other way. What must hold: as
long as both write the same tokens, the probabilities agree within TOLERANCE; where they part, the two candidates were
closer together than that.
"""
import os
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/bench"))
import random_model  # noqa: E402
from worker import Worker, WorkerFailure  # noqa: E402,F401

TOLERANCE = 0.25          # of natural logarithms of probabilities, among the twenty likeliest tokens
ALTERNATIVES = 20
LEAST_SPREAD = 0.01       # between the likeliest and the least likely of them
ORDINARY_TOKENS = range(1000, 40000)  # no control tokens in SmolLM2's vocabulary of 49152
END_TOKENS = [{"token": token, "bias": -100.0} for token in (0, 2)]
PROMPT, ANSWER = 256, 32
# A prime number of random values, so that no two rows of a matrix are the same.
random_model.BLOCK = 1_000_003


class Engine:
    """The programs of one folder. They open what lies beside the libraries that they are started with, so those must be
    the ones of the same folder: a folder without the CUDA module is an engine for the CPU alone."""

    def __init__(self, folder, libraries=()):
        self.folder = pathlib.Path(folder)
        self.path = ":".join(dict.fromkeys([str(folder), *libraries]))

    def environment(self):
        return os.environ | {"LD_LIBRARY_PATH": self.path}

    def worker(self, model, threads, context, batch):
        os.environ["LD_LIBRARY_PATH"] = self.path  # a worker takes it from here
        return Worker(self.folder / "tramontane-engine", model,
                      {"contextTokens": context, "threads": threads, "batchTokens": batch, "ubatchTokens": 512,
                       "flashAttention": "on"})


def dense(tokenizer, width, layers, feed):
    return random_model.llama(tokenizer, width=width, layers=layers, heads=width // 64, kv_heads=max(1, width // 256),
                              feed=feed, context=4096)


def mixture(tokenizer, width, layers, feed):
    return random_model.llama(tokenizer, width=width, layers=layers, heads=width // 64, kv_heads=max(1, width // 256),
                              feed=feed, context=4096, experts=8)


def prompts(count, seed=11):
    dice = random.Random(seed)
    return [[dice.choice(ORDINARY_TOKENS) for _ in range(PROMPT)] for _ in range(count)]


def written(engine, model, asked, threads, tokens=ANSWER):
    """(what `loaded` says, [token probabilities of each answer])"""
    worker = engine.worker(model, threads, 1024, 512)
    try:
        rows = []
        for prompt in asked:
            if isinstance(prompt, str):
                number = worker.begin([("user", prompt)], tokens, deterministic=True, logprobs=ALTERNATIVES)
            else:
                number = worker.start(prompt, tokens, logprobs=ALTERNATIVES, logitBias=END_TOKENS)
            rows.append(worker.done(number)["logprobs"])
        return worker.loaded, rows
    finally:
        worker.close()


def likely(entry):
    table = {one["token"]: one["logprob"] for one in entry["alternatives"]}
    return table | {entry["chosen"]["token"]: entry["chosen"]["logprob"]}


def says_something(answer):
    """Whether a model prefers some tokens to others; of one that does not, everything agrees."""
    return any(max(table.values()) - min(table.values()) > LEAST_SPREAD for table in map(likely, answer))


def compare(cpu, gpu):
    """One answer on both: {tokens, same, worst, gap, agrees}. `gap`: between the two candidates where they part."""
    worst, same = 0.0, 0
    if not says_something(cpu):
        return {"tokens": len(cpu), "same": 0, "worst": 0.0, "gap": None, "agrees": False}
    for a, b in zip(cpu, gpu):
        left, right = likely(a), likely(b)
        worst = max([worst] + [abs(left[token] - right[token]) for token in left.keys() & right.keys()])
        if a["chosen"]["token"] != b["chosen"]["token"]:
            other = left.get(b["chosen"]["token"])
            gap = None if other is None else left[a["chosen"]["token"]] - other
            agrees = worst <= TOLERANCE and gap is not None and gap <= TOLERANCE
            return {"tokens": len(cpu), "same": same, "worst": round(worst, 6),
                    "gap": None if gap is None else round(gap, 6), "agrees": agrees}
        same += 1
    agrees = worst <= TOLERANCE and same > 0 and len(cpu) == len(gpu)
    return {"tokens": len(cpu), "same": same, "worst": round(worst, 6), "gap": None, "agrees": agrees}


def known(name, model, asked, cpu_engine, gpu_engine, threads):
    """The same questions to both; `cpu_engine` must not have used a device."""
    cpu_loaded, cpu = written(cpu_engine, model, asked, threads)
    gpu_loaded, gpu = written(gpu_engine, model, asked, threads)
    rows = [compare(a, b) for a, b in zip(cpu, gpu)]
    return {"model": name, "cpuDevice": cpu_loaded["device"], "gpuDevice": gpu_loaded["device"],
            "layersOnDevice": gpu_loaded["layersOnDevice"], "layersTotal": gpu_loaded["layersTotal"],
            "deviceReason": gpu_loaded["deviceReason"], "answers": rows, "worst": max(row["worst"] for row in rows),
            "agrees": cpu_loaded["layersOnDevice"] == 0 and all(row["agrees"] for row in rows)}


def write_large(path, tokenizer, gib):
    """A dense model of about that size. The answer: the bytes that a GPU must read for each token it writes, which is
    every matrix but the table of embeddings, of which it reads a row."""
    width, vocabulary = (4096 if gib >= 2 else 1024), 49152
    feed = width * 7 // 2
    layer = 2 * width * (2 * width + 2 * (width // 4) + 3 * feed)
    layers = max(1, round((gib * 2**30 - 2 * 2 * width * vocabulary) / layer))
    random_model.llama(tokenizer, width=width, layers=layers, heads=width // 128, kv_heads=width // 512, feed=feed,
                       context=4096).write(path)
    return pathlib.Path(path).stat().st_size - 2 * width * vocabulary


def speed(engine, model, threads, rounds, prompt_tokens=512, answer_tokens=128):
    """Medians of `rounds`: tokens per second when reading a prompt and when writing."""
    worker = engine.worker(model, threads, 1024, 2048)
    dice, reading, writing = random.Random(7), [], []
    try:
        for number in range(rounds + 1):
            prompt = [dice.choice(ORDINARY_TOKENS) for _ in range(prompt_tokens)]
            usage = worker.done(worker.start(prompt, answer_tokens, logitBias=END_TOKENS))["usage"]
            if number:  # the first is to warm up
                reading.append(usage["promptTokens"] / (usage["firstTokenMs"] / 1000))
                writing.append((usage["answerTokens"] - 1) / ((usage["totalMs"] - usage["firstTokenMs"]) / 1000))
    finally:
        worker.close()
    return {"device": worker.loaded["device"], "layersOnDevice": worker.loaded["layersOnDevice"],
            "layersTotal": worker.loaded["layersTotal"], "rounds": rounds,
            "promptTokensPerSecond": round(sorted(reading)[rounds // 2], 1),
            "answerTokensPerSecond": round(sorted(writing)[rounds // 2], 1)}
