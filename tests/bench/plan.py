# SPDX-License-Identifier: Apache-2.0
"""plan.py ENGINE [SHAPE…] [--scale F] [--folder DIR]: what `--plan` says beside what a worker then takes.

Makes models with random weights, one at a time, each of which takes at least 1.5 GiB (with --scale 1), asks for a plan,
loads the model, lets it read more than one whole batch and write a few tokens, and compares the plan with the memory of
the worker (Pss of /proc/PID/smaps_rollup: root, because a worker's memory is closed to others). Deletes each model after
use. The goal is 5 %.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import random_model
from worker import DEFAULT_OPTIONS, Worker, WorkerFailure

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHAT = ROOT / ".third_party" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
EMBEDDER = ROOT / ".third_party" / "models" / "all-MiniLM-L6-v2.gguf"
GIB = 1 << 30
PROMPT = 600  # tokens: more than one piece of work, so that all work buffers are used

# name: layers at scale 1, context, KV type, what is made
SHAPES = {
    "dense": (16, 2048, "f16", dict(width=2048, heads=16, kv_heads=16, feed=5632)),
    "gqa": (18, 2048, "f16", dict(width=2048, heads=32, kv_heads=4, feed=5632)),
    "moe": (16, 2048, "f16", dict(width=1024, heads=16, kv_heads=4, feed=2048, experts=8)),
    "quantised-kv": (16, 16384, "q8_0", dict(width=2048, heads=32, kv_heads=8, feed=5632)),
    "long": (12, 49152, "f16", dict(width=1024, heads=16, kv_heads=16, feed=2816)),
    "embedding": (16, 512, "f16", dict(width=2048, heads=32, feed=8192)),
}


def make(name, scale, folder):
    layers, context, _, shape = SHAPES[name]
    layers = max(1, round(layers * scale))
    if name == "embedding":
        model = random_model.bert(EMBEDDER, layers=layers, context=context, **shape)
    else:
        model = random_model.llama(CHAT, layers=layers, context=context, **shape)
    path = folder / f"{name}.gguf"
    model.write(path)
    return path


def ask(engine, path, context, kv_type):
    done = subprocess.run([engine, "--plan", path, "--context", str(context), "--kv-type", kv_type, "--parallel", "1"],
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def memory(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+) kB", text, re.M).group(1)) * 1024


def take(engine, name, path, context, kv_type):
    """The worker's memory after it has done each kind of work once."""
    kind = "embedding" if name == "embedding" else "chat"
    options = {"contextTokens": context, "kvTypeK": kv_type, "kvTypeV": kv_type, "parallel": 1}
    if kv_type != "f16" and "kvTypeK" not in DEFAULT_OPTIONS:
        raise WorkerFailure("this worker has no KV types")
    options = {key: value for key, value in options.items() if key in DEFAULT_OPTIONS}
    worker = Worker(engine, path, options, kind=kind)
    try:
        if kind == "embedding":
            worker.embed(["word " * (context - 8)])
        else:
            worker.generate([5 + i % 4000 for i in range(PROMPT)], 4)
        return memory(worker.pid)
    finally:
        worker.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine")
    parser.add_argument("shapes", nargs="*", default=list(SHAPES))
    parser.add_argument("--scale", type=float, default=1.0, help="layers of each model: smaller for a quick look")
    parser.add_argument("--folder", help="where the models are written; needs up to 3 GiB")
    options = parser.parse_args()
    missed = 0
    print(f"{'shape':14} {'weights':>9} {'KV':>9} {'work':>9} {'program':>9} {'plan':>9} {'worker':>9} {'error':>7}")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for name in options.shapes:
            _, context, kv_type, _ = SHAPES[name]
            path = make(name, options.scale, pathlib.Path(folder))
            plan = ask(options.engine, path, context, kv_type)
            if "error" in plan:
                print(f"{name:14} refused: {plan['error']['message']}")
                missed += 1
            else:
                try:
                    taken = take(options.engine, name, path, context, kv_type)
                except WorkerFailure as failure:
                    print(f"{name:14} not run: {failure}")
                    missed += 1
                    path.unlink()
                    continue
                cpu = plan["devices"][0]
                error = plan["neededBytes"] / taken - 1
                missed += abs(error) > 0.05
                sizes = [cpu[key + "Bytes"] for key in ("weight", "kv", "compute", "program")] + [plan["neededBytes"], taken]
                print(f"{name:14} " + " ".join(f"{size / GIB:7.3f} G" for size in sizes) + f" {100 * error:+6.2f}%")
            path.unlink()
            sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
