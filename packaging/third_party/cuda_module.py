#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a built CUDA module holds and needs: its GPU code as cuobjdump lists it, its libraries as readelf does.

usage: cuda_module.py MODULE ARCHITECTURE      exit 1, with a line for each thing that is not as it must be
"""
import pathlib
import re
import subprocess
import sys

import cuda_toolkit

# Number as people say it, and the name that ggml-cuda's CMakeLists.txt gives it: 12X only as 12Xa, because the FP4
# instructions of these GPUs are in no portable code. "real": machine code for this GPU, nothing that a driver compiles.
ARCHITECTURES = {"89": "89-real", "90": "90-real", "100": "100-real", "103": "103-real", "120": "120a-real",
                 "121": "121a-real"}

FROM_CUDA = {"libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13"}
FROM_THE_DRIVER = {"libcuda.so.1"}
OURS = {"libggml-base.so.0"}
FROM_THE_SYSTEM = {"libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libgcc_s.so.1", "libstdc++.so.6",
                   "ld-linux-x86-64.so.2"}
ALLOWED = FROM_CUDA | FROM_THE_DRIVER | OURS | FROM_THE_SYSTEM

TARGET = re.compile(r"\bsm_(\d+[a-z]?)\b")
NEEDED = re.compile(r"\(NEEDED\).*\[(.+?)\]")


def number(name):
    """"120", "120a" and "121a-real" as keys of ARCHITECTURES; None for what is not one."""
    found = re.fullmatch(r"(\d+)a?(?:-real)?", name)
    return found[1] if found and found[1] in ARCHITECTURES else None


def target(arch):
    """What cuobjdump calls it: "120a"."""
    return ARCHITECTURES[arch].removesuffix("-real")


def _output(*command):
    done = subprocess.run(command, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    return done.returncode, done.stdout + done.stderr


def machine_code(file, toolkit):
    """{architecture: pieces of machine code} of a library or an object."""
    status, text = _output(toolkit / "bin/cuobjdump", "--list-elf", file)
    lines = [line for line in text.splitlines() if line.startswith("ELF file")]
    if status != 0 and lines:
        raise OSError(f"cuobjdump could not read {file}: {text[-500:]}")
    counts = {}
    for line in lines:
        for name in TARGET.findall(line):
            counts[name] = counts.get(name, 0) + 1
    return counts


def portable_code(file, toolkit):
    """How many pieces of PTX there are, which a driver would compile for other GPUs."""
    text = _output(toolkit / "bin/cuobjdump", "--list-ptx", file)[1]
    return sum(line.startswith("PTX file") for line in text.splitlines())


def needed_libraries(file):
    status, text = _output("readelf", "--dynamic", "--wide", file)
    if status != 0:
        raise OSError(f"readelf could not read {file}: {text[-500:]}")
    return NEEDED.findall(text)


def wants_executable_stack(file):
    """The loader would make every stack executable, which the sandbox refuses: the process ends with its first thread."""
    text = _output("readelf", "--program-headers", "--wide", file)[1]
    found = re.search(r"^\s*GNU_STACK\s.*\s([RWE ]{3})\s+0x", text, re.MULTILINE)
    return found is None or "E" in found[1]


def complaints_about_code(file, archs, toolkit):
    """Whether a file holds machine code of each of these architectures, and nothing else."""
    found, wanted = machine_code(file, toolkit), {target(arch) for arch in archs}
    if not found:
        return [f"{file.name} holds no GPU code"]
    lines = [f"{file.name} holds code for {name}, which was not asked for" for name in sorted(found.keys() - wanted)]
    lines += [f"{file.name} holds no code for {name}" for name in sorted(wanted - found.keys())]
    if portable_code(file, toolkit):
        lines.append(f"{file.name} holds PTX, which a driver would compile for other GPUs")
    return lines


def complaints(module, arch, toolkit):
    """Everything about a finished module that is not as it must be; empty when all is well."""
    libraries = needed_libraries(module)
    lines = complaints_about_code(module, [arch], toolkit)
    lines += [f"{module.name} needs {name}" for name in libraries if name not in ALLOWED]
    lines += [f"{module.name} does not need {name}" for name in ("libcudart.so.13", "libcublas.so.13", "libcuda.so.1")
              if name not in libraries]
    if wants_executable_stack(module):
        lines.append(f"{module.name} asks for an executable stack")
    return lines


def main(file, name):
    arch = number(name)
    if arch is None:
        sys.exit(f"cuda_module: {name} is none of {', '.join(ARCHITECTURES)}.")
    found = complaints(pathlib.Path(file), arch, cuda_toolkit.ready())
    print("\n".join(found) or f"{file}: code for {target(arch)} alone; needs nothing but cudart, cuBLAS, the driver and the system")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
