# SPDX-License-Identifier: Apache-2.0
"""What ./dev gpu runs on a machine with a GPU: its own logic, and what it says where there is none."""
import contextlib
import ctypes
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/gpu"))
import answers  # noqa: E402
import bundle  # noqa: E402
import cuda_machine  # noqa: E402
import operations  # noqa: E402
import run  # noqa: E402

CSV = '''ggml_cuda_init: found 1 device
"backend_name","op_name","op_params","test_mode","supported","error_message","backend_reg_name"
"CUDA0","ADD","type=f32,ne=[1,2]","test","1","",""
"CUDA0","ADD","type=f16,say=""x""","test","1","compare failed",""
"unsupported","ADD","type=bf16","test","0","not supported",""
'''


def has_gpu():
    try:
        return bool(cuda_machine.gpus())
    except cuda_machine.NoGpu:
        return False


class Driver:
    """A libcuda with one GPU, or with none."""

    def __init__(self, status=0, count=1):
        self.status, self.count = status, count

    def cuInit(self, _):
        return self.status

    def cuDeviceGetCount(self, out):
        ctypes.cast(out, ctypes.POINTER(ctypes.c_int))[0] = self.count
        return 0

    def cuDeviceGet(self, out, number):
        ctypes.cast(out, ctypes.POINTER(ctypes.c_int))[0] = number
        return 0

    def cuDeviceGetName(self, buffer, size, _):
        buffer.value = b"RTX PRO 6000"
        return 0

    def cuDeviceTotalMem_v2(self, out, _):
        ctypes.cast(out, ctypes.POINTER(ctypes.c_size_t))[0] = 96 << 30
        return 0

    def cuDeviceGetAttribute(self, out, which, _):
        ctypes.cast(out, ctypes.POINTER(ctypes.c_int))[0] = 12 if which == cuda_machine.CAPABILITY_MAJOR else 0
        return 0


class Machine(unittest.TestCase):
    def said(self, **driver):
        with self.assertRaises(cuda_machine.NoGpu) as why:
            cuda_machine.gpus(lambda _: Driver(**driver))
        return str(why.exception)

    def test_a_gpu(self):
        self.assertEqual([{"name": "RTX PRO 6000", "capability": "12.0", "memoryBytes": 96 << 30}],
                         cuda_machine.gpus(lambda _: Driver()))

    def test_why_there_is_none(self):
        self.assertIn("finds no GPU", self.said(status=100))
        self.assertIn("stand-in", self.said(status=34))
        self.assertIn("error 3", self.said(status=3))
        self.assertIn("finds no GPU", self.said(count=0))

    def test_no_driver(self):
        def missing(_):
            raise OSError("libcuda.so.1: cannot open shared object file: No such file or directory")
        with self.assertRaisesRegex(cuda_machine.NoGpu, "no NVIDIA driver is installed"):
            cuda_machine.gpus(missing)

    def test_libraries_are_named(self):
        with tempfile.TemporaryDirectory() as name:
            (pathlib.Path(name) / "libcudart.so.13").touch()
            self.assertEqual({"libcudart.so.13": name, "libcublas.so.13": None},
                             cuda_machine.find_libraries(("libcudart.so.13", "libcublas.so.13"), [name]))

    def test_what_the_loader_says(self):
        self.assertIn("cannot open", cuda_machine.load_problem("/nonexistent/libx.so", dict(os.environ)))
        self.assertIsNone(cuda_machine.load_problem("libc.so.6", dict(os.environ)))
        self.assertEqual("libcuda.so.1", cuda_machine.missing_library("libcuda.so.1: cannot open shared object file: No"))
        self.assertIsNone(cuda_machine.missing_library("something else"))


class Operations(unittest.TestCase):
    def test_rows_are_counted(self):
        self.assertEqual({"passed": 1, "failed": 1, "notSupported": 1, "failures": ['ADD(type=f16,say="x"): compare failed']},
                         operations.counted(CSV))
        self.assertEqual(0, operations.counted("")["passed"])

    def verdict(self, **one):
        return operations.verdict([{"failed": 0, "problem": None} | one])

    def test_the_verdict(self):
        self.assertEqual("passed", self.verdict())
        self.assertEqual("failed", self.verdict(failed=1))
        self.assertEqual("failed", self.verdict(problem="ended by signal 6"))
        self.assertEqual("incomplete", self.verdict(problem="stopped after 5 s"))
        self.assertEqual("incomplete", operations.verdict([]))

    def program(self, script):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "ops"
        file.write_text("#!/bin/sh\n" + script)
        file.chmod(0o755)
        return operations.run(file, "CUDA0", "ADD", jobs=1, seconds=1, environment=dict(os.environ))

    def test_a_program_that_crashes_hangs_or_says_nothing(self):
        self.assertIn("ended by signal 6", self.program("kill -6 $$")["problem"])
        self.assertIn("stopped after 1 s", self.program("exec sleep 9")["problem"])
        self.assertIn("ended with status 3", self.program("exit 3")["problem"])
        self.assertIn("no test of ADD", self.program("exit 0")["problem"])
        good = self.program(f"cat <<'E'\n{CSV}E\nexit 1\n")
        self.assertEqual((1, 1, None), (good["passed"], good["failed"], good["problem"]))


def token(number, **logprobs):
    alternatives = [{"token": int(name[1:]), "logprob": value} for name, value in logprobs.items()]
    return {"chosen": {"token": number, "logprob": logprobs[f"t{number}"]}, "alternatives": alternatives}


class Answers(unittest.TestCase):
    def test_equal_tokens_and_near_probabilities_agree(self):
        row = answers.compare([token(1, t1=-0.5, t2=-1.5)], [token(1, t1=-0.6, t2=-1.4)])
        self.assertTrue(row["agrees"])
        self.assertEqual(0.1, row["worst"])

    def test_equal_tokens_and_other_probabilities_do_not(self):
        self.assertFalse(answers.compare([token(1, t1=-0.5, t2=-2.0)], [token(1, t1=-0.9, t2=-2.0)])["agrees"])

    def test_a_near_tie_may_fall_the_other_way(self):
        row = answers.compare([token(1, t1=-0.70, t2=-0.71)] * 2, [token(2, t1=-0.71, t2=-0.70)] * 2)
        self.assertTrue(row["agrees"])
        self.assertEqual((0, 0.01), (row["same"], row["gap"]))

    def test_a_clear_case_may_not(self):
        self.assertFalse(answers.compare([token(1, t1=-0.1, t2=-3.0)], [token(2, t1=-3.0, t2=-0.1)])["agrees"])
        self.assertFalse(answers.compare([token(1, t1=-0.1, t3=-2.0)], [token(2, t2=-0.1, t3=-2.0)])["agrees"])

    def test_nothing_is_no_agreement(self):
        self.assertFalse(answers.compare([], [])["agrees"])
        one = token(1, t1=-0.5, t2=-2.0)
        self.assertFalse(answers.compare([one] * 2, [one])["agrees"])

    def test_a_model_that_prefers_nothing_shows_nothing(self):
        self.assertFalse(answers.compare([token(1, t1=-0.7, t2=-0.7)], [token(1, t1=-0.7, t2=-0.7)])["agrees"])

    def test_random_weights_are_random(self):
        noise = answers.random_model.RandomModel("llama")._noise[answers.random_model.FLOAT32]
        self.assertGreater(len({noise[at:at + 4] for at in range(0, 4000, 4)}), 900)


class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "bundle.json").write_text('{"architecture": "120a"}')
        (self.folder / "engine").mkdir()

    def refused(self, gpus, libraries):
        out = self.folder / "results.json"
        with mock.patch.object(cuda_machine, "gpus", gpus), mock.patch.object(cuda_machine, "find_libraries", lambda: libraries), \
                contextlib.redirect_stderr(io.StringIO()) as said, contextlib.redirect_stdout(io.StringIO()):
            status = run.main(["--out", str(out)], self.folder)
        report = json.loads(out.read_text())
        self.assertEqual((run.NOTHING_RUN, "not run"), (status, report["result"]))
        self.assertIn(report["why"], said.getvalue())
        return report["why"]

    @staticmethod
    def gpu(capability="12.0"):
        return lambda: [{"name": "RTX PRO 6000", "capability": capability, "memoryBytes": 1}]

    def test_no_gpu(self):
        def none():
            raise cuda_machine.NoGpu("the NVIDIA driver finds no GPU")
        self.assertIn("no GPU that can be tested: the NVIDIA driver finds no GPU.", self.refused(none, {}))

    def test_a_bundle_for_another_gpu(self):
        self.assertIn("./dev cuda --arch 90", self.refused(self.gpu("9.0"), {}))

    def test_missing_libraries_are_named(self):
        why = self.refused(self.gpu(), {"libcudart.so.13": "/x", "libcublas.so.13": None, "libcublasLt.so.13": None})
        self.assertIn("libcublas.so.13, libcublasLt.so.13", why)
        self.assertNotIn("libcudart", why)

    def test_a_module_that_does_not_open(self):
        (self.folder / "engine" / run.MODULE).write_text("not a library")
        self.assertIn("does not open", self.refused(self.gpu(), {"libcudart.so.13": "/x"}))

    def test_a_folder_that_is_no_bundle(self):
        (self.folder / "bundle.json").unlink()
        self.assertIn("bundle.json", self.refused(self.gpu(), {}))


class Command(unittest.TestCase):
    def test_it_says_that_there_is_no_gpu(self):
        if has_gpu():
            self.skipTest("this machine has a GPU")
        done = subprocess.run([ROOT / "dev", "gpu"], capture_output=True, text=True)
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"^dev gpu: This machine has no GPU that can be tested: .+\. Nothing was tested\.")
        self.assertEqual("", done.stdout)

    def test_every_script_of_the_bundle_is_there(self):
        for script in bundle.SCRIPTS:
            self.assertTrue((ROOT / script).exists(), script)

    def test_scripts_of_the_bundle_need_nothing_that_is_not_in_it(self):
        with tempfile.TemporaryDirectory() as name:
            for script in bundle.SCRIPTS:
                target = pathlib.Path(name) / script
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((ROOT / script).read_bytes())
            done = subprocess.run([sys.executable, "-I", pathlib.Path(name) / "tests/gpu/run.py", "--help"],
                                  capture_output=True, text=True)
            self.assertEqual(0, done.returncode, done.stderr)


if __name__ == "__main__":
    unittest.main()
