#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What ./dev gpu does. Standard library only.

  gpu.py can [--bundle N]    exit 1, with the reason, when there is no GPU here or no module for it (or for N)
  gpu.py --bundle N          makes the archive for a machine with a GPU of architecture N
  gpu.py [ARGUMENTS]         makes it for the GPU of this machine and tests it here; arguments: see run.py
"""
import subprocess
import sys

import bundle
import cuda_machine
from bundle import build_cuda, cuda_module


def arch_here():
    """The architecture of the first GPU. Raises Failure."""
    try:
        gpu = cuda_machine.gpus()[0]
    except cuda_machine.NoGpu as why:
        raise bundle.Failure(
            f"This machine has no GPU that can be tested: {why}. Nothing was tested. Run it on a machine with driver 580 or "
            "newer and a GPU of compute capability 8.9 or newer; ./dev gpu --bundle N makes an archive to take there.") from why
    arch = cuda_module.number(gpu["capability"].replace(".", ""))
    if arch is None:
        raise bundle.Failure(f"{gpu['name']} has compute capability {gpu['capability']}; there are modules for "
                             f"{', '.join(cuda_module.ARCHITECTURES)} only.")
    return arch


def wanted(words):
    """(architecture, whether only the archive is wanted)"""
    if words[:1] != ["--bundle"]:
        return arch_here(), False
    arch = cuda_module.number(words[1]) if len(words) == 2 else None
    if arch is None:
        sys.exit(f"usage: dev gpu --bundle N, where N is one of {', '.join(cuda_module.ARCHITECTURES)}")
    return arch, True


def main(words):
    only_look = words[:1] == ["can"]
    arch, only_bundle = wanted(words[1:] if only_look else words)
    if build_cuda.built_module(arch) is None:
        raise bundle.Failure(f"There is no CUDA module for {arch} yet; ./dev cuda --arch {arch} builds it, which takes long.")
    if only_look:
        return 0
    archive, folder = bundle.make(arch)
    print(f"gpu: {archive} ({archive.stat().st_size / 2**20:.1f} MiB)")
    if only_bundle:
        return 0
    return subprocess.run([sys.executable, folder / "tests/gpu/run.py", "--out", bundle.OUT / "results.json", *words]).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (bundle.Failure, OSError, subprocess.CalledProcessError) as failure:
        sys.exit(f"dev gpu: {failure}")
