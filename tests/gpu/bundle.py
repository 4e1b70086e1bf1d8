# SPDX-License-Identifier: Apache-2.0
"""Puts together what a machine with a GPU and without network needs to test a CUDA module: one archive of at most 64 MiB.

In it: the engine and llama.cpp's libraries as the packages carry them, the CUDA module of one architecture,
test-backend-ops, what of Debian they are linked with, the tokenizer of the starter model (models are written over
there) and the scripts of this folder. cudart, cuBLAS and the driver come from that machine. Standard library only.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "packaging/third_party"), str(ROOT / "tests/bench")]
import build_cuda  # noqa: E402
import cuda_module  # noqa: E402
import known_answers  # noqa: E402
import lock  # noqa: E402
import random_model  # noqa: E402

NAME = "tramontane-gpu"
OUT = ROOT / "build/gpu"
LIMIT = 64 * 2**20
ENGINE = ROOT / "build/release/bin/tramontane-engine"
LIBRARIES = lock.CACHE / "build/llama-release/bin"
STARTER = lock.CACHE / "models/SmolLM2-135M-Instruct.Q4_1.gguf"
SCRIPTS = ["tests/gpu/run.py", "tests/gpu/answers.py", "tests/gpu/cuda_machine.py", "tests/gpu/operations.py",
           "tests/bench/worker.py", "tests/bench/random_model.py", "tests/support/gguf/split_model.py",
           "packaging/models/gguf_file.py"]
# Part of every system that could run the rest; another one of it would not fit to that system's loader.
OF_THE_C_LIBRARY = re.compile(r"^(ld-linux.*|linux-vdso.*|lib(c|m|dl|rt|pthread)\.so\.\d+)$")


class Failure(Exception):
    """The sentence for the person."""


def operations_program():
    """test-backend-ops, compiled from the pinned source against the libraries that the packages carry."""
    entry = lock.part("llama.cpp")
    source = lock.source_folder(entry)
    target = lock.CACHE / "build/llama-ops" / entry["sha256"][:12] / "test-backend-ops"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    subprocess.run(["c++", "-std=c++17", "-O2", f"-ffile-prefix-map={source}=llama.cpp", "-I", source / "ggml/include",
                    source / "tests/test-backend-ops.cpp", "-o", fresh, "-L", LIBRARIES, "-lggml", "-lggml-base", "-pthread",
                    "-Wl,-rpath,$ORIGIN"], check=True)
    fresh.replace(target)
    return target


def linked_libraries(program):
    """{name: file} of what a program is linked with, but for llama.cpp's own and the C library."""
    text = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"^\s*(\S+) => (/\S+)", text, re.MULTILINE))
    return {name: pathlib.Path(file) for name, file in found.items()
            if not OF_THE_C_LIBRARY.match(name) and not re.match(r"lib(llama|ggml)", name)}


def gather_engine(target, module):
    target.mkdir(parents=True)
    for file in (ENGINE, operations_program(), module):
        shutil.copy2(file, target / file.name)
    for name in ("ggml-base", "ggml", "llama", "llama-common"):
        (library,) = LIBRARIES.glob(f"lib{name}.so.?")  # the name by which the others ask for it
        shutil.copy2(library.resolve(), target / library.name)
    for library in LIBRARIES.glob("libggml-cpu-*.so"):
        shutil.copy2(library, target / library.name)
    for name, file in linked_libraries(ENGINE).items():
        shutil.copy2(file.resolve(), target / name)


def write_tokenizer(path):
    """The starter model without its weights."""
    model = random_model.RandomModel("llama")
    model.copy_keys(STARTER, "tokenizer.")
    model.write(path)


def stage(arch, module, folder):
    """Everything that goes into the archive, as a folder that works as it is."""
    shutil.rmtree(folder, ignore_errors=True)
    gather_engine(folder / "engine", module)
    for script in SCRIPTS:
        (folder / script).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / script, folder / script)
    (folder / "models").mkdir()
    write_tokenizer(folder / "models/tokenizer.gguf")
    facts = {"architecture": cuda_module.target(arch), "llama": lock.part("llama.cpp")["version"],
             "module": json.loads(module.with_name("module.json").read_text(encoding="utf-8")),
             "questions": known_answers.QUESTIONS}
    (folder / "bundle.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def pack(folder, archive):
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        tar.add(folder, arcname=NAME, filter=_plain)


def _plain(member):
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return None if "__pycache__" in member.name else member


def make(arch):
    """(archive, folder) of the bundle for an architecture. Raises Failure."""
    module = build_cuda.built_module(arch)
    if module is None:
        raise Failure(f"There is no CUDA module for {arch} yet; ./dev cuda --arch {arch} builds it, which takes long.")
    for needed, command in ((ENGINE, "./dev gpu"), (LIBRARIES / "libllama.so", "./dev package"), (STARTER, "./dev setup")):
        if not needed.exists():
            raise Failure(f"{needed.relative_to(ROOT)} is missing; {command} makes it.")
    folder = OUT / cuda_module.target(arch) / NAME
    archive = OUT / f"{NAME}-{cuda_module.target(arch)}.tar.gz"
    stage(arch, module, folder)
    pack(folder, archive)
    size = archive.stat().st_size
    if size + STARTER.stat().st_size <= LIMIT:
        shutil.copy2(STARTER, folder / "models" / STARTER.name)
        pack(folder, archive)
        size = archive.stat().st_size
    else:
        print(f"gpu: {STARTER.name} does not fit into {LIMIT >> 20} MiB; hand it to run.py with --model, if it is over there")
    if size > LIMIT:
        raise Failure(f"The bundle has {size} bytes, which is more than {LIMIT >> 20} MiB.")
    return archive, folder
