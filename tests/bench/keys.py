#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K8: how long keys take: unlocking with a passphrase, another key for a slot, another data key for a vault of 1 GB.

usage: keys.py [--build DIR] [--rounds N] [--megabytes N]

Prints one JSON object (see key_bench.cpp).
"""
import json
import shutil
import subprocess
import tempfile

from setup import Row, parser, setup_from

MEGABYTES = 1024
SHORTEST_UNLOCK_S, LONGEST_UNLOCK_S = 0.3, 1.5
SLOT_CHANGE_MS = 50
ROTATION_S = 60
COMMAND = "tests/bench/keys.py"


def measure(setup, megabytes=MEGABYTES):
    folder = tempfile.mkdtemp(prefix="keys-", dir=setup.scratch())
    try:
        rounds = min(setup.rounds, 3)  # a vault of 1 GB is written and read several times in each
        output = subprocess.run([setup.bin / "key_bench", folder, str(megabytes), str(rounds)], check=True,
                                capture_output=True, text=True).stdout
        return json.loads(output)
    finally:
        shutil.rmtree(folder)


def rows(found):
    unlock, change, rotation = found["unlock_s"], found["slot_change_ms"], found["rotation_s"]
    cost = f"Argon2id {unlock['memory_mib']} MiB, {unlock['passes']} passes"
    figure = f"{unlock['p50']:.2f} s (longest {unlock['most']:.2f} s)"
    yield Row("Unlocking with a passphrase, in s: not too long", figure, cost, round(unlock["p50"], 2), LONGEST_UNLOCK_S,
              False, COMMAND)
    yield Row("Unlocking with a passphrase, in s: not too short", figure, cost, round(unlock["p50"], 2),
              SHORTEST_UNLOCK_S, True, COMMAND)
    yield Row("Another key for a slot, in ms", f"{change['p50']:.1f} ms", f"longest of {change['count']}: "
              f"{change['most']:.1f} ms", round(change["p50"], 1), SLOT_CHANGE_MS, False, COMMAND)
    yield Row(f"Another data key for a vault.db of {rotation['bytes'] / 2**30:.2f} GiB, in s", f"{rotation['p50']:.1f} s",
              f"longest {rotation['most']:.1f} s; {rotation['bytes'] / 2**20 / rotation['p50']:.0f} MiB/s",
              round(rotation["p50"], 1), ROTATION_S, False, COMMAND)


def main():
    made = parser(__doc__, rounds=1)
    made.add_argument("--megabytes", type=int, default=MEGABYTES)
    options = made.parse_args()
    print(json.dumps(measure(setup_from(options), options.megabytes), indent=1))


if __name__ == "__main__":
    main()
