#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures, and writes build/bench/result.json and tests/bench/RESULTS.md. Standard library only.

usage: bench.py [--build DIR] [--threads N] [--rounds N] [--only PART… | --renew PART…]     (./dev bench builds what it
needs)

With --only the table is printed and nothing is written. With --renew these parts take the place of the older ones in the
table of the last whole run, which says so; a part and its peer always ran together.
"""
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time
import traceback

import clients
import embeddings
import engine
import keys
import memory
import parallel
import restart
import snapshots
import speculation
import vault
import window
from setup import MODEL, ROOT, Row, parser, setup_from

HERE = pathlib.Path(__file__).resolve().parent
PARTS = {"engine": engine, "parallel": parallel, "embeddings": embeddings, "snapshots": snapshots, "restart": restart,
         "speculation": speculation, "clients": clients, "memory": memory, "vault": vault,
         "keys": keys, "window": window}


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def commit_name():
    asked = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return asked.stdout.strip() or "unknown"


def calibrate(setup, folder):
    output = subprocess.run([setup.bin / "calibrate", folder], check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def measure_part(name, setup):
    if name == "window":
        return window.measure(setup.bin, setup.rounds)
    if name == "memory" and not memory.readable():
        raise RuntimeError("a worker's memory can only be read by root")
    return PARTS[name].measure(setup)


def own_rows(name, found, base):
    """Lines of the parts that have none of their own."""
    if name == "window":
        yield Row("Window usable after", f"{found['usable_ms']} ms", f"fixed loop {base['cpu_loop_ms']} ms",
                  round(found["usable_ms"] / base["cpu_loop_ms"], 2), command="tests/bench/window.py")
        yield Row("Memory of the window without engine (PSS)", f"{found['pss_mib']} MiB",
                  command="tests/bench/window.py")


def table(result):
    machine, base = result["machine"], result["calibration"]
    lines = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "# Results of `./dev bench`", "",
             f"Written by the script on {result['date']}, commit {result['commit']}: {machine['cpu']}, "
             f"{machine['cores']} cores, load {machine['load']} at the start, model {MODEL.name}, {result['rounds']} "
             "rounds. Medians; where a peer is named, both ran in turns. A goal is about the quotient, or, without a "
             "peer, about the number in its place.",
             *renewed_lines(result),
             "", "| measured | figure | set against | quotient | goal | command |", "|---|---|---|---|---|---|"]
    for name, module in PARTS.items():
        if name in result:
            made = module.rows(result[name]) if hasattr(module, "rows") else own_rows(name, result[name], base)
            lines += [row.line() for row in made]
    lines += ["", "Calibration of the machine (medians of five): fixed CPU loop "
              f"{base['cpu_loop_ms']} ms, durable write of 4 KiB {base['fsync_ms']} ms, painting of a fixed scene "
              f"{base['paint_ms']} ms.", ""]
    lines += [f"Not measured: {name}: {reason}" for name, reason in result["failed"].items()]
    return "\n".join(lines).rstrip() + "\n" + missed_goals()


def renewed_lines(result):
    parts = {}
    for name, when in result.get("renewed", {}).items():
        parts.setdefault(when, []).append(name)
    return [line for when, names in parts.items() for line in ("", f"Measured again on {when}: {', '.join(names)}.")]


def renew(last, result, names):
    """The last whole run with the parts that have been measured since."""
    when = f"{result['date']}, commit {result['commit']}"
    found = {name: result[name] for name in names if name in result}
    failed = {name: why for name, why in last["failed"].items() if name not in found} | result["failed"]
    return last | found | {"failed": failed, "renewed": last.get("renewed", {}) | dict.fromkeys(found, when)}


def missed_goals():
    """What a person wrote about goals that are missed: why, and what was tried."""
    notes = HERE / "missed_goals.md"
    if not notes.exists():
        return ""
    return "\n" + notes.read_text(encoding="utf-8").split("\n", 1)[1].lstrip()


def run_parts(result, names, setup):
    for name in names:
        start = time.monotonic()
        try:
            result[name] = measure_part(name, setup)
        except Exception as failure:  # one part that cannot be measured must not hide the others
            traceback.print_exc()
            result["failed"][name] = str(failure)
        print(f"bench: {name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def main():
    made = parser(__doc__)
    chosen = made.add_mutually_exclusive_group()
    chosen.add_argument("--only", nargs="+", choices=PARTS, default=[])
    chosen.add_argument("--renew", nargs="+", choices=PARTS, default=[])
    options = made.parse_args()
    setup = setup_from(options)
    out = ROOT / "build/bench"
    out.mkdir(parents=True, exist_ok=True)
    result = {"date": datetime.date.today().isoformat(), "commit": commit_name(), "failed": {},
              "rounds": setup.rounds, "machine": {"cpu": cpu_name(), "cores": os.cpu_count(),
                                                  "load": round(os.getloadavg()[0], 2)},
              "calibration": calibrate(setup, out)}
    # Before the measurements: where there was no whole run, they would be lost.
    last = json.loads((out / "result.json").read_text(encoding="utf-8")) if options.renew else {}
    run_parts(result, options.only or options.renew or PARTS, setup)
    if options.renew:
        result = renew(last, result, options.renew)
    if not options.only:
        (out / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        (HERE / "RESULTS.md").write_text(table(result), encoding="utf-8")
    print(table(result))
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
