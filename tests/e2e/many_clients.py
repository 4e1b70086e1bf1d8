#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""64 clients on one worker: everybody is answered in turn, the background is not starved, too many are refused as
busy.

usage: many_clients.py BIN MODEL QUESTIONS [SEED]      (QUESTIONS: of each client)
"""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import clients  # noqa: E402
from setup import Setup  # noqa: E402


def main(bin_folder, _model, questions, seed="29"):
    setup = Setup(pathlib.Path(bin_folder).parent, threads=os.cpu_count())
    found = clients.measure(setup, questions=int(questions), seed=int(seed))
    print(json.dumps(found, indent=1))
    problems = clients.problems(found)
    assert not problems, "; ".join(problems)
    return 0


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
