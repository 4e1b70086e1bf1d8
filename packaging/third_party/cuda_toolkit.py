# SPDX-License-Identifier: Apache-2.0
"""The CUDA toolkit, put together from NVIDIA's packages of the Python index. Standard library only.

lock.json names the packages ("only": "cuda"); they are fetched when somebody asks for CUDA and never otherwise. They hold
what an installed toolkit holds, but for two things that are made here: the names without a version that a linker looks
for, and a stand-in for the driver's library (libcuda), which the packages lack.

Why CUDA 13.0 and not the newest: a module runs with the cudart and the driver of the machine that it comes to, and those
must not be older than what it was built with (13.0 asks for driver 580). The compiler of 13.2 is known to
miscompile kernels of llama.cpp (llama.cpp issue 21255).
"""
import hashlib
import pathlib
import re
import shutil
import subprocess
import zipfile

import fetch
import lock
from python_index import IndexFailure

CUDA = lock.CACHE / "cuda"
TOP = "nvidia/cu13/"
LAYOUT = "1"  # another one when the folder is put together in another way
LINKER_NAMES = {"libcudart.so": "libcudart.so.13", "libcublas.so": "libcublas.so.13", "libcublasLt.so": "libcublasLt.so.13"}
FUNCTION = re.compile(r"^(?:CUresult\s+CUDAAPI|#define\s+cu\w+)\s+(?:__CUDA_API_\w+\()?(cu[A-Z]\w*)", re.MULTILINE)
STUB_LIBRARY = 34  # CUDA_ERROR_STUB_LIBRARY: "the CUDA driver that the application has loaded is a stub library"


def entries():
    return [entry for entry in lock.load()["fetched"] if entry.get("only") == "cuda"]


def identity():
    """What the toolkit consists of, as a short name."""
    text = "\n".join([LAYOUT, *sorted(entry["sha256"] for entry in entries())])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def folder():
    return CUDA / f"toolkit-{identity()}"


def is_ready():
    return folder().exists()


def ready():
    """The folder of the toolkit; fetches and unpacks it at first. Raises IndexFailure, OSError or BadZipFile."""
    target = folder()
    if target.exists():
        return target
    fetch.main([entry["name"] for entry in entries()])
    fresh = CUDA / f".new-{target.name}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for entry in entries():
        unpack(fetch.DOWNLOAD / entry["file"], fresh)
    complete(fresh)
    fresh.replace(target)  # a folder of the final name is always complete
    return target


def unpack(wheel, target):
    """The part of a wheel that belongs to the toolkit, with the rights of its programs."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.is_dir() or not member.filename.startswith(TOP):
                continue
            path = pathlib.PurePosixPath(member.filename[len(TOP):])
            if path.is_absolute() or ".." in path.parts:
                raise IndexFailure(f"{wheel.name} holds a path that leads outside of its folder: {member.filename}")
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, open(file, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            if "bin" in path.parts:
                file.chmod(0o755)


def complete(toolkit):
    """Adds what an installed toolkit has beyond the packages."""
    for name, target in LINKER_NAMES.items():
        (toolkit / "lib" / name).symlink_to(target)
    (toolkit / "lib64").symlink_to("lib")  # nvcc.profile looks there
    stubs = toolkit / "lib/stubs"
    stubs.mkdir()
    source = stubs / "libcuda.c"
    source.write_text(stub_source((toolkit / "include/cuda.h").read_text(encoding="utf-8")), encoding="utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wl,-soname,libcuda.so.1", "-o", stubs / "libcuda.so", source],
                   check=True)


def stub_source(header):
    """A libcuda to link against: every function of the driver interface, each answering that this is no driver."""
    names = sorted(set(FUNCTION.findall(header)))
    if "cuInit" not in names or len(names) < 100:
        raise IndexFailure("cuda.h does not look as expected: the functions of the driver were not found in it.")
    lines = ["/* Made from cuda.h: stands in for the driver's library when a module is linked. */"]
    lines += [f"int {name}(void) {{ return {STUB_LIBRARY}; }}" for name in names]
    return "\n".join(lines) + "\n"
