#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A worker's memory does not grow: at most 2 % from request FIRST to request LAST, a third of them cancelled.

usage: worker_memory.py BIN MODEL FIRST LAST [SEED]      (needs root: a worker's memory is closed to others)
"""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import memory  # noqa: E402
from setup import Setup  # noqa: E402


def main(bin_folder, _model, first, last, seed="23"):
    if not memory.readable():
        print("SKIP: a worker's memory can only be read by root")
        return 77
    setup = Setup(pathlib.Path(bin_folder).parent, threads=os.cpu_count())
    found = memory.measure(setup, int(first), int(last), int(seed))
    print(json.dumps(found, indent=1))
    assert found["cancelled"] > 0, "no request was cancelled: the test does not test what it says"
    assert found["growth_percent"] <= memory.GOAL_PERCENT, f"grows by {found['growth_percent']} %"
    return 0


if __name__ == "__main__":
    if not 5 <= len(sys.argv) <= 6:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
