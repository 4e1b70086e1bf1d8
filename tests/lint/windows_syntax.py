#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles the platform-free rooms for Windows (syntax and types only), so that they cannot quietly take to Linux.

Debian has no libsodium or nlohmann-json for mingw-w64; their headers are the same on every system, so they are copied
into a folder of their own, away from the C library's.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROOMS = ["app/core", "app/policy", "app/audit", "app/documents", "app/platform/files", "app/platform/process",
         "inference/protocol", "inference/wire", "inference/catalog"]
OTHER_SYSTEMS = ("_linux.cpp", "_posix.cpp")
COMPILER = "x86_64-w64-mingw32-g++-posix"
HEADERS = ["sodium.h", "sodium", "nlohmann"]


def header_folder():
    folder = ROOT / "build/lint/headers"
    folder.mkdir(parents=True, exist_ok=True)
    for name in HEADERS:
        source, target = pathlib.Path("/usr/include") / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    return folder


def compile_one(headers, file):
    command = [COMPILER, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror",
               f"-I{ROOT}", f"-I{ROOT / 'build/dev/generated'}", "-isystem", headers, file]
    return subprocess.run(command, capture_output=True, text=True)


def main():
    files = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.cpp")
                   if not file.name.endswith(OTHER_SYSTEMS))
    headers = header_folder()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(lambda file: compile_one(headers, file), files):
            if result.returncode != 0:
                failed += 1
                print(result.stderr)
    print(f"windows: {len(files)} sources compiled with mingw-w64, {failed} failed")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
