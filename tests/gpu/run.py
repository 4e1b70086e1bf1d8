#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests a CUDA module on a machine with a GPU, without network and with nothing installed but Python, the NVIDIA driver
and the CUDA runtime (cudart, cuBLAS). It lies in the bundle that ./dev gpu --bundle makes; unpack that and start

    python3 tramontane-gpu/tests/gpu/run.py

Operations, GPU against CPU; whole models, GPU against CPU; speed against what the memory allows. The results go into a JSON
file; exit 0 when all that was tried is right, 1 when something is not, 2 for wrong arguments, 3 when nothing could be run.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import answers  # noqa: E402
import cuda_machine  # noqa: E402
import operations  # noqa: E402

BUNDLE = pathlib.Path(__file__).resolve().parents[2]
MODULE = "libggml-cuda.so"
PASSED, FAILED, NOTHING_RUN = 0, 1, 3
GIB = 2**30


class NotRun(Exception):
    """Why nothing could be tried: the sentence for the person."""


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("gpu-results.json"), help="the result file")
    parser.add_argument("--model", type=pathlib.Path, help="a real model (GGUF) for known answers, too")
    parser.add_argument("--gib", type=float, default=4, help="size of the model whose speed is measured")
    parser.add_argument("--rounds", type=int, default=5, help="how often the speed is measured; the median counts")
    parser.add_argument("--ops", default=",".join(operations.USUAL), help="the operations, or nothing for none")
    parser.add_argument("--op-seconds", type=int, default=240, help="the longest that one operation may take")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="CPU threads")
    parser.add_argument("--rehearse", action="store_true",
                        help="on a machine without a GPU: the same steps with the CPU in the GPU's place")
    return parser.parse_args(words)


def facts(bundle):
    return json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))


def prepared(bundle):
    """What the machine has. Raises NotRun with what is missing."""
    try:
        gpus = cuda_machine.gpus()
    except cuda_machine.NoGpu as why:
        raise NotRun(f"This machine has no GPU that can be tested: {why}. Nothing was run.") from why
    made_for = facts(bundle)["architecture"]
    here = gpus[0]["capability"].replace(".", "")
    if made_for.rstrip("a") != here:
        raise NotRun(f"This bundle is for compute capability {made_for}, but this machine has {gpus[0]['name']} with "
                     f"{gpus[0]['capability']}. Make one with ./dev cuda --arch {here} and ./dev gpu --bundle {here}.")
    libraries = cuda_machine.find_libraries()
    missing = [name for name, folder in libraries.items() if folder is None]
    if missing:
        raise NotRun(f"Libraries of the CUDA 13 runtime are missing on this machine: {', '.join(missing)}. Install the CUDA "
                     "toolkit 13 (or the Python packages nvidia-cuda-runtime and nvidia-cublas), or name their folder in "
                     "LD_LIBRARY_PATH. Nothing was run.")
    environment = answers.Engine(bundle / "engine", libraries.values()).environment()
    problem = cuda_machine.load_problem(bundle / "engine" / MODULE, environment)
    if problem:
        raise NotRun(f"The CUDA module does not open on this machine: {problem}. Nothing was run.")
    return {"gpus": gpus, "libraries": libraries, "bandwidthBytesPerSecond": cuda_machine.bandwidth()}


def copied(bundle, folder, left_out):
    """A copy of the engine without some of its modules: `left_out` says of a name whether it stays behind."""
    shutil.copytree(bundle / "engine", folder, ignore=lambda _, names: {name for name in names if left_out(name)})
    return answers.Engine(folder)


def engines(bundle, folder, given, libraries):
    """(for the CPU alone, for the GPU). In a rehearsal two kinds of CPU code, so that there is something to compare."""
    if given.rehearse:
        return (copied(bundle, folder / "cpu", lambda name: name == MODULE or "ggml-cpu-" in name and "-x64" not in name),
                copied(bundle, folder / "gpu", lambda name: name == MODULE))
    return copied(bundle, folder / "cpu", lambda name: name == MODULE), answers.Engine(bundle / "engine", libraries)


def devices(engine):
    done = subprocess.run([engine.folder / "tramontane-engine", "--devices"], env=engine.environment(), capture_output=True,
                          text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"problem": f"--devices ended with status {done.returncode}: {done.stderr[-500:]}"}


def test_operations(given, engine, backend):
    results = []
    for name in filter(None, given.ops.split(",")):
        result = operations.run(engine.folder / "test-backend-ops", backend, name, jobs=given.jobs, seconds=given.op_seconds,
                                environment=engine.environment())
        print(f"  {name:16} {result['passed']:6} right {result['failed']:4} wrong {result['notSupported']:5} not supported "
              f"{result['seconds']:7.1f} s  {result['problem'] or ''}", flush=True)
        results.append(result)
    return {"result": operations.verdict(results) if results else "not run", "backend": backend, "operations": results}


def test_answers(given, bundle, folder, cpu, gpu):
    """The models are written here and now."""
    tokenizer, rows = bundle / "models/tokenizer.gguf", []
    small = {"dense": answers.dense(tokenizer, 512, 6, 1408), "mixture of experts": answers.mixture(tokenizer, 512, 4, 704)}
    for name, model in small.items():
        path = folder / f"{name.split()[0]}.gguf"
        model.write(path)
        rows.append(answers.known(f"random weights, {name}", path, answers.prompts(4), cpu, gpu, given.jobs))
        path.unlink()
    real = given.model or next((bundle / "models").glob("SmolLM2*.gguf"), None)
    if real:
        rows.append(answers.known(real.name, real, facts(bundle)["questions"], cpu, gpu, given.jobs))
    for row in rows:
        print(f"  {row['model']:36} {'agrees' if row['agrees'] else 'DIFFERS'}, largest difference {row['worst']}, "
              f"layers on the device {row['layersOnDevice']} of {row['layersTotal']}", flush=True)
    complete = given.rehearse or all(row["layersOnDevice"] == row["layersTotal"] for row in rows)
    right = complete and all(row["agrees"] for row in rows)
    return {"result": "passed" if right else "failed", "tolerance": answers.TOLERANCE, "models": rows}


def measure_speed(given, bundle, folder, gpu, peak):
    path = folder / "large.gguf"
    free = shutil.disk_usage(folder).free
    if free < (given.gib + 1) * GIB:
        return {"result": "not run", "problem": f"not enough space in {folder}: {free // GIB} GiB free"}
    per_token = answers.write_large(path, bundle / "models/tokenizer.gguf", given.gib)
    found = answers.speed(gpu, path, given.jobs, given.rounds)
    limit = peak / per_token if peak else None
    share = round(found["answerTokensPerSecond"] / limit, 3) if limit else None
    said = f"{share:.0%} of what the memory allows" if limit else "bandwidth not known: the driver does not say"
    print(f"  reading {found['promptTokensPerSecond']} tokens/s, writing {found['answerTokensPerSecond']} tokens/s, {said}")
    return {"result": "measured", "modelBytes": path.stat().st_size, "bytesPerToken": per_token,
            "bandwidthBytesPerSecond": peak, "limitTokensPerSecond": round(limit, 1) if limit else None,
            "shareOfTheLimit": share} | found


def everything(given, bundle, report):
    with tempfile.TemporaryDirectory(prefix="tramontane-gpu-") as name:
        folder = pathlib.Path(name)
        cpu, gpu = engines(bundle, folder, given, report["machine"].get("libraries", {}).values())
        report["engine"] = devices(gpu)
        print("operations", flush=True)
        report["operations"] = test_operations(given, gpu, "CPU" if given.rehearse else "CUDA0")
        for part, step in (("answers", lambda: test_answers(given, bundle, folder, cpu, gpu)),
                           ("speed", lambda: measure_speed(given, bundle, folder, gpu,
                                                           report["machine"].get("bandwidthBytesPerSecond")))):
            print(part, flush=True)
            try:
                report[part] = step()
            except (answers.WorkerFailure, OSError, ValueError, KeyError) as problem:
                report[part] = {"result": "failed", "problem": f"{type(problem).__name__}: {problem}"}
                print(f"  failed: {problem}", flush=True)
    results = [report[part]["result"] for part in ("operations", "answers", "speed")]
    return "failed" if "failed" in results else "incomplete" if {"incomplete", "not run"} & set(results) else "passed"


def main(words, bundle=BUNDLE):
    given = arguments(words)
    report = {"format": 1, "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "rehearsal": given.rehearse,
              "system": platform.platform(), "bundle": None, "machine": {}}
    status = FAILED
    try:
        report["bundle"] = facts(bundle)
        if not given.rehearse:
            report["machine"] = prepared(bundle)
        report["result"] = everything(given, bundle, report)
        status = PASSED if report["result"] == "passed" else FAILED
        print(f"gpu: {report['result']}")
    except (NotRun, OSError) as why:
        report |= {"result": "not run", "why": str(why)}
        status = NOTHING_RUN
        print(f"gpu: {why}", file=sys.stderr)
    given.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"gpu: the results are in {given.out}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
