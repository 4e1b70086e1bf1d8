#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A primitive that gives a wrong answer stops each program before it does anything, and is named.

usage: self_test_stops_the_program.py BIN BROKEN_SODIUM
"""
import os
import pathlib
import subprocess
import sys
import tempfile

PRIMITIVES = ("SHA-256", "HMAC-SHA-256", "BLAKE2b", "XChaCha20-Poly1305", "secretstream", "Argon2id", "Ed25519", "X25519",
              "sealed box", "AES-256-CBC")


def run(program, arguments, library, primitive, home):
    env = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
    env |= {"HOME": home, "XDG_RUNTIME_DIR": home, "QT_QPA_PLATFORM": "offscreen", "LD_PRELOAD": library}
    if primitive:
        env["BROKEN_SODIUM"] = primitive
    return subprocess.run([program, *arguments], env=env, capture_output=True, text=True, timeout=60)


def main():
    bin_dir, library = pathlib.Path(sys.argv[1]), sys.argv[2]
    programs = [(str(bin_dir / "tramontanectl"), ["vault", "status"])]
    if (bin_dir / "tramontane").exists():
        programs.append((str(bin_dir / "tramontane"), ["--version"]))
    with tempfile.TemporaryDirectory() as home:
        for program, arguments in programs:
            # The library alone changes nothing, so what follows is due to the wrong answer.
            whole = run(program, ["--version"], library, None, home)
            assert whole.returncode == 0, whole.stderr
            for primitive in PRIMITIVES:
                done = run(program, arguments, library, primitive, home)
                assert done.returncode == 1, (program, primitive, done.returncode, done.stdout, done.stderr)
                assert f"self-test of {primitive} failed" in done.stderr, (program, primitive, done.stderr)
                assert not done.stdout, (program, primitive, done.stdout)
            print(f"{pathlib.Path(program).name}: stopped by each of {len(PRIMITIVES)} wrong answers")


main()
