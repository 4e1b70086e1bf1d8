# SPDX-License-Identifier: Apache-2.0
"""The toolkit that is put together, what is asked of a module, and every module that has been built here."""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "packaging/third_party"))
import build_cuda  # noqa: E402
import cuda_module  # noqa: E402
import cuda_toolkit  # noqa: E402
import fetch  # noqa: E402
import lock  # noqa: E402
from python_index import IndexFailure  # noqa: E402


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Toolkit(Folder):
    def wheel(self, *members):
        file = self.folder / "part.whl"
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in members:
                archive.writestr(name, content)
        return file

    def test_only_a_command_fetches_it(self):
        names = {entry["name"] for entry in cuda_toolkit.entries()}
        self.assertIn("cuBLAS", names)
        with mock.patch.object(fetch, "is_current", return_value=True) as asked, \
                mock.patch.multiple(fetch, DOWNLOAD=self.folder, SOURCES=self.folder, STAMPS=self.folder):
            fetch.main([])
        self.assertEqual(set(), names & {call.args[0]["name"] for call in asked.call_args_list})

    def test_takes_the_toolkit_out_of_a_wheel_and_nothing_else(self):
        wheel = self.wheel(("nvidia/cu13/bin/nvcc", "x"), ("nvidia/cu13/include/cuda.h", "y"), ("part.dist-info/METADATA", "z"))
        cuda_toolkit.unpack(wheel, self.folder / "toolkit")
        files = sorted(str(f.relative_to(self.folder / "toolkit")) for f in (self.folder / "toolkit").rglob("*") if f.is_file())
        self.assertEqual(["bin/nvcc", "include/cuda.h"], files)
        self.assertTrue((self.folder / "toolkit/bin/nvcc").stat().st_mode & 0o100)
        self.assertFalse((self.folder / "toolkit/include/cuda.h").stat().st_mode & 0o100)

    def test_a_wheel_does_not_write_elsewhere(self):
        for name in ("nvidia/cu13/../../evil", "nvidia/cu13//etc/evil"):
            with self.subTest(name), self.assertRaisesRegex(IndexFailure, "leads outside"):
                cuda_toolkit.unpack(self.wheel((name, "x")), self.folder / "deep/toolkit")
        self.assertEqual([], list(self.folder.rglob("evil")))

    def test_the_stand_in_has_every_function_of_the_driver(self):
        header = "#define cuMemAlloc cuMemAlloc_v2\n#define cuMemcpy __CUDA_API_PTDS(cuMemcpy)\nCUresult CUDAAPI cuInit(unsigned int Flags);\n"
        header += "".join(f"CUresult CUDAAPI cuFunction{n}(int a);\n" for n in range(100))
        source = cuda_toolkit.stub_source(header)
        for name in ("cuInit", "cuMemAlloc_v2", "cuMemcpy", "cuFunction99"):
            self.assertIn(f"int {name}(void) {{ return 34; }}", source)
        with self.assertRaisesRegex(IndexFailure, "cuda.h"):
            cuda_toolkit.stub_source("CUresult CUDAAPI cuInit(unsigned int Flags);")

    def test_it_is_one_release_but_for_the_tool_that_only_looks(self):
        versions = {entry["package"]: entry["version"] for entry in cuda_toolkit.entries()}
        compilers = {versions[name] for name in ("nvidia-cuda-nvcc", "nvidia-cuda-crt", "nvidia-nvvm")}
        self.assertEqual(1, len(compilers))
        self.assertRegex(compilers.pop(), r"^13\.0\.", "see cuda_toolkit.py for why")


class Looking(Folder):
    """The checks themselves, with a cuobjdump that says what each test wants."""

    def toolkit(self, elf, ptx=""):
        (self.folder / "bin").mkdir(exist_ok=True)
        program = self.folder / "bin/cuobjdump"
        program.write_text(f"#!/bin/sh\ncase $1 in --list-elf) cat <<'E'\n{elf}\nE\n;; --list-ptx) cat <<'E'\n{ptx}\nE\n;; esac\n")
        program.chmod(0o755)
        return self.folder

    def complaints(self, elf, ptx=""):
        return cuda_module.complaints_about_code(pathlib.Path("x.so"), ["120"], self.toolkit(elf, ptx))

    def test_counts_what_is_there(self):
        listing = "ELF file    1: x.1.sm_120a.cubin\nELF file    2: x.2.sm_120a.cubin\nELF file    3: x.3.sm_90.cubin"
        self.assertEqual({"120a": 2, "90": 1}, cuda_module.machine_code(pathlib.Path("x"), self.toolkit(listing)))

    def test_one_architecture_is_right(self):
        self.assertEqual([], self.complaints("ELF file    1: x.1.sm_120a.cubin"))

    def test_everything_else_is_not(self):
        self.assertIn("no GPU code", self.complaints("nothing here")[0])
        self.assertIn("code for 90", self.complaints("ELF file    1: x.1.sm_120a.cubin\nELF file    2: x.2.sm_90.cubin")[0])
        self.assertIn("no code for 120a", self.complaints("ELF file    1: x.1.sm_120.cubin")[1])
        both = cuda_module.complaints_about_code(pathlib.Path("x.o"), ["90", "120"], self.toolkit("ELF file    1: x.1.sm_90.cubin"))
        self.assertEqual(["x.o holds no code for 120a"], both)
        self.assertIn("PTX", self.complaints("ELF file    1: x.1.sm_120a.cubin", "PTX file    1: x.1.sm_120a.ptx")[0])

    def test_libraries_that_nobody_named(self):
        source, library = self.folder / "x.c", self.folder / "libx.so"
        source.write_text("int f(void) { return 1; }\n")
        subprocess.run(["cc", "-shared", "-o", library, source, "-Wl,--no-as-needed", "-lz" if self.has("libz.so") else "-lcrypto"],
                       check=True)
        found = cuda_module.complaints(library, "120", self.toolkit("ELF file    1: x.1.sm_120a.cubin"))
        self.assertTrue(any(line.startswith("libx.so needs lib") for line in found), found)
        self.assertIn("libx.so does not need libcuda.so.1", found)

    def test_a_stack_that_is_executable(self):
        source = self.folder / "x.c"
        source.write_text("int f(void) { return 1; }\n")
        for flag, executable in (("noexecstack", False), ("execstack", True)):
            with self.subTest(flag):
                library = self.folder / f"{flag}.so"
                subprocess.run(["cc", "-shared", "-o", library, source, f"-Wl,-z,{flag}"], check=True)
                self.assertEqual(executable, cuda_module.wants_executable_stack(library))

    @staticmethod
    def has(name):
        return subprocess.run(["cc", f"-print-file-name={name}"], capture_output=True, text=True).stdout.strip() != name

    def test_a_file_that_is_no_library(self):
        (self.folder / "x.so").write_text("no")
        with self.assertRaises(OSError):
            cuda_module.needed_libraries(self.folder / "x.so")


class Building(Folder):
    def test_names_of_architectures(self):
        for name, arch in (("120", "120"), ("120a", "120"), ("121a-real", "121"), ("90-real", "90"), ("75", None), ("", None),
                           ("9.0", None)):
            with self.subTest(name):
                self.assertEqual(arch, cuda_module.number(name))
        self.assertEqual(["89", "90", "100", "103", "120a", "121a"], [cuda_module.target(a) for a in cuda_module.ARCHITECTURES])

    def test_each_architecture_has_its_own_place(self):
        self.assertEqual(6, len({build_cuda.module_folder(arch) for arch in cuda_module.ARCHITECTURES}))
        self.assertEqual(6, len({build_cuda.build_folder(arch) for arch in cuda_module.ARCHITECTURES}))

    def test_one_architecture_a_run_and_no_nccl(self):
        settings = build_cuda.settings("120")
        self.assertEqual(("120a-real", "OFF", "ON"),
                         (settings["CMAKE_CUDA_ARCHITECTURES"], settings["GGML_CUDA_NCCL"], settings["GGML_BACKEND_DL"]))

    def test_another_source_is_another_module(self):
        before = build_cuda.key("120")
        with mock.patch.object(lock, "part", return_value={"sha256": "0" * 64}):
            self.assertNotEqual(before, build_cuda.key("120"))

    def test_two_runs_do_not_build_in_one_folder(self):
        with build_cuda.Alone(self.folder / "x"), self.assertRaisesRegex(SystemExit, "another run"):
            build_cuda.Alone(self.folder / "x")
        with build_cuda.Alone(self.folder / "x"):
            pass

    def test_a_module_with_a_complaint_is_not_kept(self):
        built = self.folder / build_cuda.NAME
        built.write_bytes(b"x")
        with mock.patch.object(build_cuda, "MODULES", self.folder / "modules"), \
                mock.patch.object(cuda_module, "complaints", return_value=["it holds code for 90"]), \
                self.assertRaisesRegex(SystemExit, "code for 90"):
            build_cuda.keep("120", built, 1, self.folder)
        self.assertFalse((self.folder / "modules").exists())

    def test_wrong_arguments(self):
        for words in ([], ["--arch", "75"], ["--arch", "120", "--jobs", "0"], ["--arch", "120", "--check"]):
            with self.subTest(words), contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as ended:
                build_cuda.arguments(words)
            self.assertEqual(2, ended.exception.code)

    def test_representative_files_are_in_the_source(self):
        source = lock.source_folder(lock.part("llama.cpp")) / "ggml/src/ggml-cuda"
        for name in build_cuda.REPRESENTATIVE:
            self.assertTrue((source / name).exists(), name)


class Built(unittest.TestCase):
    """What ./dev cuda has left here, looked at again. CI never builds one."""

    def test_every_module_holds_code_of_its_architecture_alone(self):
        modules = {arch: file for arch in cuda_module.ARCHITECTURES if (file := build_cuda.built_module(arch))}
        if not modules:
            self.skipTest("no CUDA module has been built here (./dev cuda --arch N)")
        if not cuda_toolkit.is_ready():
            self.skipTest("the CUDA toolkit, which has cuobjdump, is not here (./dev cuda fetches it)")
        for arch, file in modules.items():
            with self.subTest(arch):
                self.assertEqual([], cuda_module.complaints(file, arch, cuda_toolkit.folder()))
                others = [other for other in cuda_module.ARCHITECTURES if other != arch]
                self.assertTrue(all(cuda_module.complaints(file, other, cuda_toolkit.folder()) for other in others))


if __name__ == "__main__":
    unittest.main()
