# SPDX-License-Identifier: Apache-2.0
"""What a machine has for CUDA: driver, GPUs, libraries, bandwidth. Asked of the libraries themselves, through ctypes, so
that nothing has to be installed. Standard library only.
"""
import ctypes
import glob
import os
import pathlib
import re
import subprocess
import sys

DRIVER = "libcuda.so.1"
FROM_THE_TOOLKIT = ("libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13")
# cuda.h: CUresult, CUdevice_attribute
NO_DEVICE, STUB_LIBRARY = 100, 34
WORDS = {NO_DEVICE: "the NVIDIA driver finds no GPU",
         STUB_LIBRARY: "libcuda.so.1 is a stand-in that programs are linked with, not a driver",
         803: "the NVIDIA driver was updated and waits for a restart of the computer",
         999: "the NVIDIA driver does not answer (unknown error 999)"}
CAPABILITY_MAJOR, CAPABILITY_MINOR = 75, 76
NVML_MEMORY_CLOCK = 2
DOUBLE_DATA_RATE = 2


class NoGpu(Exception):
    """The sentence for the person, without a full stop."""


def gpus(open_library=ctypes.CDLL):
    """[{name, capability, memoryBytes}]; raises NoGpu when there is none to be used."""
    try:
        driver = open_library(DRIVER)
    except OSError as problem:
        missing = "cannot open shared object file" in str(problem)
        raise NoGpu("no NVIDIA driver is installed (libcuda.so.1 is missing)" if missing else
                    f"the NVIDIA driver cannot be opened: {problem}") from problem
    status = driver.cuInit(0)
    if status != 0:
        raise NoGpu(WORDS.get(status, f"the NVIDIA driver does not start (error {status})"))
    count = ctypes.c_int()
    if driver.cuDeviceGetCount(ctypes.byref(count)) != 0 or count.value == 0:
        raise NoGpu(WORDS[NO_DEVICE])
    return [_gpu(driver, number) for number in range(count.value)]


def _gpu(driver, number):
    device, name, memory = ctypes.c_int(), ctypes.create_string_buffer(256), ctypes.c_size_t()
    major, minor = ctypes.c_int(), ctypes.c_int()
    asked = [driver.cuDeviceGet(ctypes.byref(device), number), driver.cuDeviceGetName(name, len(name), device),
             driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device),
             driver.cuDeviceGetAttribute(ctypes.byref(major), CAPABILITY_MAJOR, device),
             driver.cuDeviceGetAttribute(ctypes.byref(minor), CAPABILITY_MINOR, device)]
    if any(asked):
        raise NoGpu(f"the NVIDIA driver says nothing of GPU {number} (error {next(filter(None, asked))})")
    return {"name": name.value.decode("utf-8", "replace"), "capability": f"{major.value}.{minor.value}",
            "memoryBytes": memory.value}


def library_folders():
    """Where toolkits and Python packages put their libraries, first what the person named."""
    named = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    homes = [os.environ[name] for name in ("CUDA_HOME", "CUDA_PATH") if os.environ.get(name)]
    homes += sorted(glob.glob("/usr/local/cuda*") + glob.glob("/opt/cuda*"))
    folders = named + [f"{home}/{part}" for home in homes for part in ("lib64", "lib", "targets/x86_64-linux/lib")]
    folders += ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib"]
    for site in sys.path:
        folders += sorted(glob.glob(f"{site}/nvidia/*/lib"))
    return [folder for folder in dict.fromkeys(folders) if folder and pathlib.Path(folder).is_dir()]


def find_libraries(names=FROM_THE_TOOLKIT, folders=None):
    """{name: its folder, or None}"""
    folders = library_folders() if folders is None else folders
    return {name: next((folder for folder in folders if (pathlib.Path(folder) / name).exists()), None) for name in names}


def load_problem(module, environment):
    """Why a library does not open, in the loader's words; None when it does. In a process of its own: opening is for good."""
    code = "import ctypes, sys\ntry: ctypes.CDLL(sys.argv[1])\nexcept OSError as problem: sys.exit(str(problem))"
    done = subprocess.run([sys.executable, "-c", code, str(module)], env=environment, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"


def missing_library(problem):
    """The library that a loader's sentence says is missing; None when it says something else."""
    found = re.match(r"(\S+): cannot open shared object file", problem or "")
    return found[1] if found else None


def bandwidth(open_library=ctypes.CDLL):
    """Bytes a second between the first GPU and its memory, from bus width and clock; None when the driver does not say."""
    try:
        nvml = open_library("libnvidia-ml.so.1")
    except OSError:
        return None
    device, width, clock = ctypes.c_void_p(), ctypes.c_uint(), ctypes.c_uint()
    if nvml.nvmlInit_v2() != 0:
        return None
    try:
        asked = [nvml.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(device)),
                 nvml.nvmlDeviceGetMemoryBusWidth(device, ctypes.byref(width)),
                 nvml.nvmlDeviceGetMaxClockInfo(device, NVML_MEMORY_CLOCK, ctypes.byref(clock))]
        if any(asked) or not width.value or not clock.value:
            return None
        return DOUBLE_DATA_RATE * clock.value * 1_000_000 * width.value // 8
    except AttributeError:
        return None  # an older driver without these functions
    finally:
        nvml.nvmlShutdown()
