#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Several chats at a time: our worker against `llama-server -np N` of the same source, in turns.

usage: parallel.py [--chats N] [--threads N] [--rounds N] [--prompt N] [--answer N]

What is compared: answer tokens per second of all chats together, from the first request to the last end. Each chat has a
prompt of its own, so that nobody has anything in the KV cache; the end of an answer is forbidden to both, so that both
write the same number of tokens. Greedy. Prints one JSON object.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import socket
import statistics
import subprocess
import time
import urllib.request

from worker import Worker

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = ROOT / "build/dev/bin"
LLAMA = ROOT / ".third_party/build/llama-native/bin"
MODEL = ROOT / ".third_party/models/SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT, BATCH, UBATCH = 8192, 2048, 512
ORDINARY_TOKENS = range(1000, 40000)  # no control tokens in SmolLM2's vocabulary of 49152
ENDS = (0, 2)  # <|endoftext|>, <|im_end|>


class Peer:
    """llama-server on a free port of the loopback interface."""

    def __init__(self, chats, threads):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [LLAMA / "llama-server", "-m", MODEL, "--host", "127.0.0.1", "--port", str(self._port), "-np", str(chats),
             "-c", str(CONTEXT), "-t", str(threads), "-b", str(BATCH), "-ub", str(UBATCH), "-fa", "on", "--no-webui"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                self._call("/health")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("llama-server does not answer")

    def close(self):
        self._process.kill()
        self._process.wait()

    def answer(self, prompts, tokens):
        def one(prompt):
            body = {"prompt": prompt, "n_predict": tokens, "temperature": 0.0, "top_k": 1, "cache_prompt": False,
                    "stream": True, "logit_bias": [[end, False] for end in ENDS]}
            lines = self._call("/completion", body).decode().splitlines()
            return json.loads([line for line in lines if line.startswith("data: ")][-1][6:])["tokens_predicted"]

        with concurrent.futures.ThreadPoolExecutor(len(prompts)) as pool:
            return sum(pool.map(one, prompts))

    def _call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as reply:
            return reply.read()


class Ours:
    def __init__(self, chats, threads):
        options = {"contextTokens": CONTEXT, "threads": threads, "batchTokens": BATCH, "ubatchTokens": UBATCH,
                   "parallel": chats}
        self._worker = Worker(BIN / "tramontane-engine", MODEL, options)

    def close(self):
        self._worker.close()

    def answer(self, prompts, tokens):
        bias = [{"token": end, "bias": -100.0} for end in ENDS]
        numbers = [self._worker.start(prompt, tokens, logitBias=bias) for prompt in prompts]
        return sum(self._worker.done(number)["usage"]["answerTokens"] for number in numbers)


def measure(chats, threads, rounds, prompt, answer):
    dice = random.Random(11)
    sides = {"ours": Ours(chats, threads), "llama_server": Peer(chats, threads)}
    speeds = {name: [] for name in sides}
    try:
        for number in range(rounds + 1):  # the first one warms up
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
    return {"model": MODEL.name, "chats": chats, "threads": threads, "rounds": rounds, "prompt": prompt,
            "answer": answer, "ours_tokens_per_s": round(mine, 2), "llama_server_tokens_per_s": round(theirs, 2),
            "ratio": round(mine / theirs, 4), "load": os.getloadavg()[0],
            "all": {name: [round(speed, 2) for speed in values] for name, values in speeds.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("chats", 4), ("threads", os.cpu_count()), ("rounds", 5), ("prompt", 64), ("answer", 64)):
        parser.add_argument(f"--{name}", type=int, default=default)
    print(json.dumps(measure(**vars(parser.parse_args())), indent=1))


if __name__ == "__main__":
    main()
