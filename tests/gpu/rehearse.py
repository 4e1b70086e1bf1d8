#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs an unpacked bundle on a machine without a GPU, with the CPU in the GPU's place: that the scripts, the programs and
the models of the bundle work together. What it proves of CUDA is nothing. Exit 77 (skipped) without a bundle.

usage: rehearse.py [ARCHIVE]      without: the newest below build/gpu
"""
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77


def main(archive):
    with tempfile.TemporaryDirectory(prefix="tramontane-rehearsal-") as name:
        folder = pathlib.Path(name)
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
        out = folder / "results.json"
        runner = folder / "tramontane-gpu/tests/gpu/run.py"
        done = subprocess.run([sys.executable, runner, "--rehearse", "--out", out, "--gib", "0.25", "--rounds", "1",
                               "--ops", "SCALE,RMS_NORM", "--jobs", "2", *sys.argv[2:]], cwd=folder)
        report = json.loads(out.read_text(encoding="utf-8"))
    if done.returncode != 0 or report["result"] != "passed":
        sys.exit(f"FAILED: status {done.returncode}, result {report['result']}: {report.get('why', '')}")
    counts = {row["operation"]: row["passed"] for row in report["operations"]["operations"]}
    if not all(counts.values()) or len(report["answers"]["models"]) < 2 or report["speed"]["answerTokensPerSecond"] <= 0:
        sys.exit(f"FAILED: something was not run: {json.dumps(report)[:2000]}")
    print(f"ok: {counts}")


if __name__ == "__main__":
    found = sorted((ROOT / "build/gpu").glob("tramontane-gpu-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if len(sys.argv) < 2 and not found:
        print("skipped: no bundle has been made here (./dev gpu --bundle N)")
        sys.exit(SKIPPED)
    main(sys.argv[1] if len(sys.argv) > 1 else found[-1])
