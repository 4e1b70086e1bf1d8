#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds ggml's CUDA backend as a module for one kind of GPU, without needing a GPU. Standard library only.

The result lies in .third_party/cuda/modules/ARCHITECTURE-KEY and stays there: as long as llama.cpp, the toolkit and the
settings are the same, a second run does nothing. A run that was stopped goes on where it was. It takes long (about
150 files of up to some minutes each), so nothing runs it by itself.

usage: build_cuda.py --arch N [--jobs N] [--background]   N: 89, 90, 100, 103, 120 or 121
       build_cuda.py --check [--jobs N]                   only three representative files, each for all six
       build_cuda.py --list                               what has been built
"""
import argparse
import fcntl
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import zipfile

import build_llama
import cuda_module
import cuda_toolkit
import lock
from cuda_module import ARCHITECTURES
from python_index import IndexFailure

MODULES = cuda_toolkit.CUDA / "modules"
NAME = "libggml-cuda.so"
# A matrix product on tensor cores, flash attention, and the file with the FP4 conversions that only newer GPUs have: one of
# each kind of kernel among those that compile fast, so that every test run can afford them.
REPRESENTATIVE = ["template-instances/mmf-instance-ncols_8.cu", "template-instances/fattn-vec-instance-f16-f16.cu", "quantize.cu"]
LOWEST = 19


def settings(*archs):
    """What a module depends on; paths, which differ between machines, are in places()."""
    return build_llama.COMMON | {
        "GGML_NATIVE": "OFF", "GGML_BACKEND_DL": "ON", "GGML_CPU": "OFF", "LLAMA_BUILD_COMMON": "OFF",
        "LLAMA_BUILD_TOOLS": "OFF", "LLAMA_BUILD_SERVER": "OFF",
        "GGML_CUDA": "ON", "GGML_CUDA_NCCL": "OFF", "CMAKE_CUDA_ARCHITECTURES": ";".join(ARCHITECTURES[arch] for arch in archs),
        "CMAKE_CUDA_COMPILER_LAUNCHER": "ccache",
        "CMAKE_MODULE_LINKER_FLAGS": "-Wl,-z,relro,-z,now", "CMAKE_BUILD_WITH_INSTALL_RPATH": "ON",
    }


def places(source, toolkit):
    flags = f"-fstack-protector-strong -ffile-prefix-map={source}=llama.cpp"
    return {"CMAKE_CUDA_COMPILER": toolkit / "bin/nvcc", "CUDAToolkit_ROOT": toolkit, "CMAKE_CXX_FLAGS": flags,
            "CMAKE_CUDA_FLAGS": " ".join(f"-Xcompiler={flag}" for flag in flags.split())}


def key(arch):
    text = "\n".join([lock.part("llama.cpp")["sha256"], cuda_toolkit.identity(), repr(settings(arch))])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def module_folder(arch):
    return MODULES / f"{cuda_module.target(arch)}-{key(arch)}"


def built_module(arch):
    """The finished module of what is pinned now, or None."""
    file = module_folder(arch) / NAME
    return file if file.exists() else None


def build_folder(arch):
    return lock.CACHE / "build" / f"llama-cuda-{cuda_module.target(arch)}"


def give_way():
    """The lowest share of the processors: for the scheduler's group of this session, and within it."""
    os.nice(LOWEST)
    try:
        pathlib.Path("/proc/self/autogroup").write_text(str(LOWEST))
    except OSError:
        pass  # not every kernel has such groups


def environment():
    return os.environ | {"CCACHE_BASEDIR": str(lock.ROOT), "CCACHE_NAMESPACE": "llama-cuda"}


def configured(build, archs, toolkit):
    """Makes the build folder ready for ninja."""
    source = lock.source_folder(lock.part("llama.cpp"))
    if not source.exists():
        sys.exit("build_cuda: llama.cpp is not fetched; run ./dev setup.")
    wanted = settings(*archs) | places(source, toolkit)
    stamp = build / "stamp-settings"
    text = "\n".join(f"{name}={value}" for name, value in wanted.items()) + f"\n{source}\n"
    if stamp.exists() and stamp.read_text() == text:
        return
    shutil.rmtree(build, ignore_errors=True)  # made from something else; ccache still knows what is the same
    build_llama.run(["cmake", "-G", "Ninja", "-S", source, "-B", build, *(f"-D{k}={v}" for k, v in wanted.items())],
                    environment())
    stamp.write_text(text)


class Alone:
    """One run at a time in a build folder. Ends the program when another one is there."""

    def __init__(self, build):
        file = build.with_suffix(".lock")
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(file, "w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            sys.exit(f"build_cuda: another run works in {build} already.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()


def ninja(build, targets, jobs):
    if subprocess.run(["ninja", "-C", build, "-j", str(jobs), *targets], env=environment()).returncode != 0:
        sys.exit("build_cuda: the build failed; what is done stays, and the next run goes on from there.")


def keep(arch, built, seconds, toolkit):
    """Puts a module that has passed its checks where it stays."""
    found = cuda_module.complaints(built, arch, toolkit)
    if found:
        sys.exit("build_cuda: the module is not as it must be:\n  " + "\n  ".join(found))
    folder = module_folder(arch)
    fresh = folder.with_name(f".new-{folder.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    shutil.copy2(built, fresh / NAME)
    facts = {"architecture": cuda_module.target(arch), "llama": lock.part("llama.cpp")["version"],
             "toolkit": {entry["package"]: entry["version"] for entry in cuda_toolkit.entries()},
             "machineCode": cuda_module.machine_code(built, toolkit), "needs": cuda_module.needed_libraries(built),
             "bytes": built.stat().st_size, "secondsOfTheLastRun": round(seconds)}
    (fresh / "module.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def build(arch, jobs):
    if built_module(arch):
        print(f"build_cuda: the module for {arch} is there already: {built_module(arch)}")
        return
    folder = build_folder(arch)
    with Alone(folder):
        start, toolkit = time.monotonic(), cuda_toolkit.ready()
        configured(folder, [arch], toolkit)
        ninja(folder, ["ggml-cuda"], jobs)
        keep(arch, folder / "bin" / NAME, time.monotonic() - start, toolkit)
    print(f"build_cuda: {built_module(arch)}")


def check(jobs):
    """Three files, each compiled for all architectures; what they hold is looked at, too."""
    start, folder = time.monotonic(), lock.CACHE / "build/llama-cuda-check"
    objects = [f"ggml/src/ggml-cuda/CMakeFiles/ggml-cuda.dir/{file}.o" for file in REPRESENTATIVE]
    with Alone(folder):
        toolkit = cuda_toolkit.ready()
        print(f"build_cuda: the toolkit is ready after {time.monotonic() - start:.0f} s", flush=True)
        configured(folder, ARCHITECTURES, toolkit)
        ninja(folder, objects, jobs)
    found = [line for file in objects for line in cuda_module.complaints_about_code(folder / file, ARCHITECTURES, toolkit)]
    if found:
        sys.exit("build_cuda: the files are not as they must be:\n  " + "\n  ".join(found))
    print(f"build_cuda: {len(objects)} files, each for {', '.join(ARCHITECTURES.values())}, after {time.monotonic() - start:.0f} s")


def in_the_background(arch, jobs):
    log = build_folder(arch).with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as out:
        command = [sys.executable, pathlib.Path(__file__).resolve(), "--arch", arch, "--jobs", str(jobs), "--give-way"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    print(f"build_cuda: building for {arch} with the lowest priority, process {process.pid}; what it does: {log}")


def show():
    for arch in ARCHITECTURES:
        print(f"{ARCHITECTURES[arch]:10} {built_module(arch) or '-'}")


def arguments(words):
    parser = argparse.ArgumentParser(prog="dev cuda", description="Builds the CUDA module for one kind of GPU.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--arch", help=f"the whole module for one of {', '.join(ARCHITECTURES)}")
    what.add_argument("--check", action="store_true", help="three representative files, each for all six")
    what.add_argument("--list", action="store_true", help="what has been built")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many files at a time")
    parser.add_argument("--background", action="store_true", help="come back at once and build with the lowest priority")
    parser.add_argument("--give-way", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.arch is not None:
        arch = cuda_module.number(given.arch)
        if arch is None:
            parser.error(f"{given.arch} is none of {', '.join(ARCHITECTURES)}")
        given.arch = arch
    if given.jobs < 1:
        parser.error("--jobs wants at least 1")
    return given


def main(words):
    given = arguments(words)
    if given.list:
        show()
        return
    if given.background and given.arch and not built_module(given.arch):
        in_the_background(given.arch, given.jobs)
        return
    if given.give_way or given.background:
        give_way()
    if given.arch:
        build(given.arch, given.jobs)
    else:
        check(given.jobs)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (IndexFailure, OSError, zipfile.BadZipFile, subprocess.CalledProcessError) as failure:
        sys.exit(f"build_cuda: {failure}")
