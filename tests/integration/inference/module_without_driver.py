#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The engine with a CUDA module beside it on a machine without an NVIDIA driver: ggml passes over the module without a
word, so the engine must say why it is not used, and answer on the CPU. Tried with a module from ./dev cuda; without one
the exit status is 77 (skipped).

usage: module_without_driver.py ENGINE LLAMA_FOLDER MODEL
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path += [str(ROOT / "packaging/third_party"), str(ROOT / "tests/bench"), str(ROOT / "tests/gpu")]
import build_cuda  # noqa: E402
import cuda_machine  # noqa: E402
import cuda_module  # noqa: E402
import cuda_toolkit  # noqa: E402
from worker import Worker  # noqa: E402

SKIPPED = 77
NO_DEVICE = 100  # CUDA_ERROR_NO_DEVICE


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def compiled(source, library, *options):
    subprocess.run(["cc", "-shared", "-fPIC", *options, "-o", library, source], check=True)


def driver(folder, toolkit, answer=None, start=None):
    """A folder with a libcuda.so.1: the toolkit's stand-in, or one whose functions all give `answer`, cuInit gives `start`."""
    folder.mkdir()
    library = folder / "libcuda.so.1"
    if answer is None:
        shutil.copy2(toolkit / "lib/stubs/libcuda.so", library)
        return folder
    text = (toolkit / "lib/stubs/libcuda.c").read_text(encoding="utf-8")
    source = folder / "driver.c"
    text = text.replace(f"return {cuda_toolkit.STUB_LIBRARY};", f"return {answer};")
    if start is not None:
        text = text.replace(f"int cuInit(void) {{ return {answer}; }}", f"int cuInit(void) {{ return {start}; }}")
    source.write_text(text, encoding="utf-8")
    compiled(source, library, "-Wl,-soname,libcuda.so.1")
    return folder


def management_library(folder, first, second):
    """What /usr/lib64 is to look like: as it is, and with a libnvidia-ml.so.1 that lists two GPUs of these capabilities."""
    shutil.copytree("/usr/lib64", folder, symlinks=True)
    source = folder.with_suffix(".c")
    text = (ROOT / "tests/support/nvml/fake_nvml.c").read_text(encoding="utf-8")
    for name, one, two in (("major", *[c.split(".")[0] for c in (first, second)]),
                           ("minor", *[c.split(".")[1] for c in (first, second)])):
        text, count = re.subn(rf"\*{name} = \d+;", f"*{name} = (size_t)device == 1 ? {one} : {two};", text)
        expect(count == 1, f"the fake library gives a {name} number", count)
    source.write_text(text, encoding="utf-8")
    compiled(source, folder / "libnvidia-ml.so.1", "-fvisibility=hidden")
    return folder


def engine_folder(folder, llama, module):
    """Copies, not links: the engine looks for modules beside the file that its library really is."""
    folder.mkdir()
    for library in llama.glob("lib*.so*"):
        shutil.copy2(library, folder / library.name)
    if module:
        shutil.copy2(module, folder / build_cuda.NAME)
    return folder


def rename_needed(module, old, new):
    """Lets a module ask for a library that nobody has, whatever this machine has installed."""
    data = module.read_bytes()
    if len(old) != len(new) or old.encode() + b"\0" not in data:
        sys.exit(f"{module.name} does not need {old}")
    module.write_bytes(data.replace(old.encode() + b"\0", new.encode() + b"\0"))


def devices(engine, *folders, prefix=()):
    environment = os.environ | {"LD_LIBRARY_PATH": ":".join(map(str, folders))}
    done = subprocess.run([*prefix, engine, "--devices"], env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"--devices ended with status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def expect(condition, what, found):
    if not condition:
        sys.exit(f"FAILED: {what}: {found}")
    print(f"ok: {what}: {found}")


def reasons(engine, with_module, without, broken, toolkit, scratch):
    runtime, stub = toolkit / "lib", driver(scratch / "stub", toolkit)
    cases = [("no module", [without], "There is no CUDA module in this installation"),
             ("no cuBLAS", [broken, runtime, stub], "libcublaz.so.13 is missing"),
             ("no driver", [with_module, runtime], "No NVIDIA driver is installed: its library libcuda.so.1 is missing."),
             ("the toolkit's stand-in", [with_module, runtime, stub], "stand-in"),
             ("a driver without a GPU", [with_module, runtime, driver(scratch / "empty", toolkit, NO_DEVICE)], "finds no GPU")]
    for name, folders, words in cases:
        report = devices(engine, *folders)
        expect(words in report["gpuReason"], name, report["gpuReason"])
        kinds = [device["kind"] for device in report["devices"]]
        expect(kinds == ["cpu"], f"{name}: only the CPU is listed", kinds)


def no_code_for_a_gpu(engine, with_module, capability, toolkit, scratch):
    """The driver lists GPUs and none of them computes; one of them is of a kind that the module holds no code for."""
    bind = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount --bind "$0" /usr/lib64 && exec "$@"']
    if subprocess.run([*bind, "/usr/lib64", "true"], capture_output=True).returncode != 0:
        print("not tried: a GPU without code (this account may not mount anything)")
        return
    empty = driver(scratch / "starts", toolkit, NO_DEVICE, 0)
    gpu = "NVIDIA RTX PRO 6000 Blackwell"
    cases = (("all GPUs are covered", capability, f"although this computer has {gpu} 1 (compute capability {capability})"),
             ("one GPU is not", "7.5", f"holds no code for {gpu} 2 (compute capability 7.5)."))
    for name, second, words in cases:
        lib64 = management_library(scratch / f"lib64-{second}", capability, second)
        report = devices(engine, with_module, toolkit / "lib", empty, prefix=[*bind, lib64])
        expect(words in report["gpuReason"], name, report["gpuReason"])


def answers_all_the_same(engine, model, words, *folders):
    os.environ["LD_LIBRARY_PATH"] = ":".join(map(str, folders))
    worker = Worker(engine, model, {"contextTokens": 512, "threads": 1})
    try:
        loaded = worker.loaded
        expect(loaded["layersOnDevice"] == 0 and words in loaded["deviceReason"], "a worker says why it is on the CPU",
               loaded["deviceReason"])
        text, done = worker.ask([("user", "What is gravity?")], 8)
        expect(done["usage"]["answerTokens"] == 8 and text != "", "a worker answers", text)
    finally:
        worker.close()


def main(engine, llama, model):
    modules = {arch: file for arch in cuda_module.ARCHITECTURES if (file := build_cuda.built_module(arch))}
    if not modules:
        skip("no CUDA module has been built here (./dev cuda --arch N)")
    if not cuda_toolkit.is_ready():
        skip("the CUDA toolkit is not here (./dev cuda fetches it)")
    try:
        skip(f"this machine has a GPU ({cuda_machine.gpus()[0]['name']}); ./dev gpu tests it")
    except cuda_machine.NoGpu:
        pass
    toolkit = cuda_toolkit.folder()
    arch, module = next(iter(modules.items()))
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        without = engine_folder(scratch / "without", llama, None)
        with_module = engine_folder(scratch / "with", llama, module)
        broken = engine_folder(scratch / "broken", llama, module)
        rename_needed(broken / build_cuda.NAME, "libcublas.so.13", "libcublaz.so.13")
        reasons(engine, with_module, without, broken, toolkit, scratch)
        no_code_for_a_gpu(engine, with_module, f"{arch[:-1]}.{arch[-1]}", toolkit, scratch)
        answers_all_the_same(engine, model, "libcuda.so.1 is missing", with_module, toolkit / "lib")
        answers_all_the_same(engine, model, "stand-in", with_module, toolkit / "lib", scratch / "stub")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
