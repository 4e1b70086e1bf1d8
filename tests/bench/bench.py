#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures, and writes build/bench/result.json and tests/bench/RESULTS.md. Standard library only.

usage: bench.py [--rounds N] [--threads N]     (./dev bench builds what it needs)
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import traceback

import engine
import window

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = ROOT / "build/dev/bin"
LLAMA = ROOT / ".third_party/build/llama-native/bin"
MODEL = ROOT / ".third_party/models/SmolLM2-135M-Instruct.Q4_1.gguf"


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def calibrate(folder):
    output = subprocess.run([BIN / "calibrate", folder], check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def rows(result):
    """(what, figure, set against, quotient)"""
    base, found = result["calibration"], []
    for name, text in (("prefill", "Reading a prompt of 512 tokens"), ("decode", "Writing 128 tokens after it")):
        part = result.get("engine", {}).get(name)
        if part:
            found.append((text, f"{part['ours_tokens_per_s']} tokens/s",
                          f"llama-bench {part['llama_bench_tokens_per_s']} tokens/s", part["ratio"]))
    view = result.get("window", {})
    if "usable_ms" in view:
        found.append(("Window usable after", f"{view['usable_ms']} ms", f"fixed loop {base['cpu_loop_ms']} ms",
                      round(view["usable_ms"] / base["cpu_loop_ms"], 2)))
        found.append(("Memory of the window without engine (PSS)", f"{view['pss_mib']} MiB", "", ""))
    return found


def table(result):
    machine, base = result["machine"], result["calibration"]
    lines = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "# Results of `./dev bench`", "",
             f"Written by the script on {result['date']}, commit {result['commit']}: {machine['cpu']}, {machine['cores']} "
             f"cores, load {machine['load']} at the start, model {MODEL.name}. Medians; where a peer is named, both ran in "
             "turns.", "",
             "| measured | figure | set against | quotient |", "|---|---|---|---|"]
    lines += [f"| {what} | {figure} | {against} | {quotient} |" for what, figure, against, quotient in rows(result)]
    lines += ["", "Calibration of the machine (medians of five): fixed CPU loop "
              f"{base['cpu_loop_ms']} ms, durable write of 4 KiB {base['fsync_ms']} ms, painting of a fixed scene "
              f"{base['paint_ms']} ms.", ""]
    lines += [f"Not measured: {name}: {reason}" for name, reason in result["failed"].items()]
    return "\n".join(lines).rstrip() + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    out = ROOT / "build/bench"
    out.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    result = {"date": datetime.date.today().isoformat(), "commit": commit or "unknown", "failed": {},
              "machine": {"cpu": cpu_name(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)},
              "calibration": calibrate(out)}
    parts = {"engine": lambda: engine.measure(BIN, LLAMA, MODEL, options.threads, options.rounds),
             "window": lambda: window.measure(BIN, options.rounds)}
    for name, measure in parts.items():
        try:
            result[name] = measure()
        except Exception as failure:  # one part that cannot be measured must not hide the others
            traceback.print_exc()
            result["failed"][name] = str(failure)
    (out / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (HERE / "RESULTS.md").write_text(table(result), encoding="utf-8")
    print(table(result))
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
