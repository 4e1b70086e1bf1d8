#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the fetched llama.cpp as shared libraries into .third_party/build/llama-FLAVOUR. Standard library only.

  native    for this machine's CPU only: daily work and tests
  release   what the packages carry: the CPU backend as loadable modules, one for each kind of CPU below
  peers     llama-server and llama-bench of the native flavour: only tests and benchmarks need them

A stamp holds what was built from what; as long as it is right, nothing is started.

usage: build_llama.py native|release|peers
"""
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys

import lock

# Oldest first: any x86-64, AVX2 (2013), AVX-512 servers (2017), AVX-512 with VNNI and BF16 (2022). Each costs 35 s of
# CPU time to build and the loader picks the best one that the machine can run.
CPU_VARIANTS = ["x64", "haswell", "skylakex", "zen4"]

COMMON = {
    "CMAKE_BUILD_TYPE": "Release",
    "CMAKE_C_COMPILER_LAUNCHER": "ccache",
    "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
    "BUILD_SHARED_LIBS": "ON",
    "GGML_OPENMP": "OFF",          # one thread pool of its own: no second runtime in the worker
    "LLAMA_CURL": "OFF",           # no network, no TLS, no child processes in a program that reads hostile files
    "LLAMA_OPENSSL": "OFF",
    "LLAMA_SUBPROCESS": "OFF",
    "LLAMA_BUILD_APP": "OFF",
    "LLAMA_BUILD_UI": "OFF",
    "LLAMA_USE_PREBUILT_UI": "OFF",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_COMMON": "ON",
    "CMAKE_INSTALL_RPATH": "$ORIGIN",
}
# Of mtmd the library alone: pictures come as pixels, so nothing of its file readers is called.
WITH_IMAGES = {"LLAMA_BUILD_MTMD": "ON"}
LIBRARIES = ["llama", "llama-common", "mtmd"]
PEERS = ["llama-server", "llama-bench"]
HARDENING = "-fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wformat -Werror=format-security"


# The tile instructions of newer Intel processors stay off: g++ 12 drops the stores into the tile configuration, which the
# intrinsic does not name as an input, and the next tile instruction is illegal at random (llama.cpp pull request 26954).
# ggml appends its own flags to this variable, which reaches the CPU backend alone; a "no" wins over -march=native.
NO_TILES = {"ARCH_FLAGS": "-mno-amx-tile;-mno-amx-int8;-mno-amx-bf16"} if platform.machine() in ("x86_64", "AMD64") else {}


def steps(name, source):
    """(build folder, CMake settings, targets) of each configuration that makes up a flavour."""
    if name in ("native", "peers"):
        settings = COMMON | WITH_IMAGES | NO_TILES | {
            "GGML_NATIVE": "ON", "LLAMA_BUILD_TOOLS": "ON", "LLAMA_BUILD_SERVER": "ON"}
        return [("llama-native", settings, LIBRARIES if name == "native" else PEERS)]
    flags = f"{HARDENING} -ffile-prefix-map={source}=llama.cpp"
    settings = COMMON | WITH_IMAGES | {
        "GGML_NATIVE": "OFF", "GGML_BACKEND_DL": "ON", "LLAMA_BUILD_TOOLS": "OFF", "LLAMA_BUILD_SERVER": "OFF",
        "CMAKE_C_FLAGS": flags, "CMAKE_CXX_FLAGS": flags,
        "CMAKE_SHARED_LINKER_FLAGS": "-Wl,-z,relro,-z,now", "CMAKE_MODULE_LINKER_FLAGS": "-Wl,-z,relro,-z,now",
        "CMAKE_BUILD_WITH_INSTALL_RPATH": "ON",
    }
    # Where all variants are switched on, the target ggml waits for every one of the fourteen. So the libraries are built
    # without a CPU backend, and the modules from a configuration of their own.
    return [("llama-release", settings | {"GGML_CPU": "OFF"}, LIBRARIES),
            ("llama-release-cpu", settings | {"GGML_CPU_ALL_VARIANTS": "ON"}, [f"ggml-cpu-{v}" for v in CPU_VARIANTS])]


def cpu_identity():
    """Code built with -march=native must not be taken for right on another CPU."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith("flags")), platform.machine())


def run(command, environment):
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        sys.exit(f"build_llama: this command failed: {' '.join(map(str, command))}\n{result.stdout[-6000:]}")


def build_step(source, folder, settings, targets, environment):
    build = lock.CACHE / "build" / folder
    cache = build / "CMakeCache.txt"
    if cache.exists() and f"={source}\n" not in cache.read_text():
        shutil.rmtree(build)  # made from another version
    print(f"build_llama: {folder}: {', '.join(targets)}", flush=True)
    run(["cmake", "-G", "Ninja", "-S", source, "-B", build, *(f"-D{k}={v}" for k, v in settings.items())], environment)
    run(["ninja", "-C", build, *targets], environment)


def gather_modules(folder):
    """The loader finds CPU modules beside the libraries."""
    for variant in CPU_VARIANTS:
        name = f"libggml-cpu-{variant}.so"
        shutil.copy2(lock.CACHE / "build/llama-release-cpu/bin" / name, folder / "bin" / name)


def main(name):
    entry = lock.part("llama.cpp")
    source = lock.source_folder(entry)
    if not source.exists():
        sys.exit("build_llama: llama.cpp is not fetched; run ./dev setup.")
    plan = steps(name, source)
    folder = lock.CACHE / "build" / plan[0][0]
    native = plan[0][1]["GGML_NATIVE"] == "ON"
    identity = hashlib.sha256(cpu_identity().encode()).hexdigest()[:16] if native else "any"
    wanted = "\n".join([entry["sha256"], identity, *map(repr, plan)])
    stamp = folder / f"stamp-{name}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    environment = os.environ | {"CCACHE_BASEDIR": str(lock.ROOT), "CCACHE_NAMESPACE": f"llama-{identity}"}
    for step in plan:
        build_step(source, *step, environment)
    if name == "release":
        gather_modules(folder)
    stamp.write_text(wanted)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("native", "release", "peers"):
        sys.exit(__doc__)
    main(sys.argv[1])
