#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes another version of llama.cpp: changes the pin, rebuilds, and says what is different. Standard library only.

Before and after: greedy answers to fixed questions, reading and writing speed, and the tests of templates, tokens and
hostile models. The comparison lies in build/bump; the decision, and the commit, are a person's. When the new version
cannot be fetched or built, lock.json is put back as it was.

usage: bump.py llama [VERSION]     without VERSION: the newest in the configured Python index
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import fetch
import lock
from python_index import IndexFailure, PythonIndex

ROOT = lock.ROOT
sys.path.insert(0, str(ROOT / "tests/bench"))
import engine  # noqa: E402
import known_answers  # noqa: E402

BIN = ROOT / "build/dev/bin"
LLAMA = ROOT / ".third_party/build/llama-native/bin"
MODEL = ROOT / ".third_party/models/SmolLM2-135M-Instruct.Q4_1.gguf"
LOCK = lock.HERE / "lock.json"
SDIST = re.compile(r"llama_cpp_python-(\d+(?:\.\d+)+)\.tar\.gz")
TESTS = "tst_(chat_template|prompt_tokens|template|generation|sampling|embedding|model_file|gguf|engine_program|peer_equality)"
ROUNDS = 3


def version_key(version):
    return tuple(map(int, version.split(".")))


def choose(files, wanted):
    """(version, file name, address)"""
    found = {match[1]: (match[1], name, address) for name, address in files if (match := SDIST.fullmatch(name))}
    if not found:
        raise IndexFailure("The index has no source distribution of llama-cpp-python.")
    version = wanted or max(found, key=version_key)
    if version not in found:
        raise IndexFailure(f"The index has no source distribution of version {version}.")
    return found[version]


def download(index, name, address):
    """SHA-256 of the file, which then lies where fetch.py looks for it."""
    fetch.DOWNLOAD.mkdir(parents=True, exist_ok=True)
    digest, part = index.download(address, fetch.DOWNLOAD / name)
    part.replace(fetch.DOWNLOAD / name)
    return digest


def repin(entry, version, name, digest):
    """lock.json with the new version in the place of the old one, everything else as it was."""
    text = LOCK.read_text(encoding="utf-8")
    for old, new in ((f'"file": "{entry["file"]}"', f'"file": "{name}"'),
                     (f'"sha256": "{entry["sha256"]}"', f'"sha256": "{digest}"'),
                     (f'"unpack": "{entry["unpack"]}"', f'"unpack": "{name[:-7]}/vendor/llama.cpp"')):
        if text.count(old) != 1:
            sys.exit(f"bump: lock.json has not exactly one {old}.")
        text = text.replace(old, new)
    package = f'"package": "{entry["package"]}",\n      "version": "{entry["version"]}"'
    text = text.replace(package, package.replace(entry["version"], version))
    LOCK.write_text(text, encoding="utf-8")


def build():
    python = sys.executable
    for command in ([python, "packaging/third_party/fetch.py"], [python, "packaging/third_party/build_llama.py", "native"],
                    [python, "packaging/third_party/build_llama.py", "peers"], ["./dev", "setup"],
                    ["cmake", "--preset", "dev"], ["ninja", "-C", "build/dev"]):
        print("bump:", " ".join(command), flush=True)
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measure():
    threads = os.cpu_count()
    junit = ROOT / "build/bump/tests.xml"
    ctest = subprocess.run(["ctest", "--test-dir", "build/dev", "-R", TESTS, "--output-junit", junit], cwd=ROOT,
                           capture_output=True, text=True)
    tests = dict(re.findall(r"Test +#\d+: (\S+) \.+ *(Passed|\*\*\*\w+)", ctest.stdout))
    return {"answers": known_answers.measure(BIN / "tramontane-engine", MODEL, threads),
            "speed": engine.measure(BIN, LLAMA, MODEL, threads, ROUNDS), "tests": tests}


def report(old, new, before, after):
    lines = [f"# llama-cpp-python {old} and {new}", "", "| question | prompt | answer |", "|---|---|---|"]
    for a, b in zip(before["answers"], after["answers"]):
        prompt = known_answers.first_difference(a["prompt"], b["prompt"])
        answer = known_answers.first_difference(a["answer"], b["answer"])
        lines.append(f"| {a['question'].replace('|', '/')} | {say(prompt)} | {say(answer)} |")
    lines += ["", "| tokens/s | before | after | to llama-bench before | after |", "|---|---|---|---|---|"]
    for part in ("prefill", "decode"):
        a, b = before["speed"][part], after["speed"][part]
        lines.append(f"| {part} | {a['ours_tokens_per_s']} | {b['ours_tokens_per_s']} | {a['ratio']} | {b['ratio']} |")
    lines += ["", "| test | before | after |", "|---|---|---|"]
    for name in sorted(before["tests"] | after["tests"]):
        lines.append(f"| {name} | {before['tests'].get(name, '-')} | {after['tests'].get(name, '-')} |")
    return "\n".join(lines) + "\n"


def say(place):
    return "equal" if place is None else f"differs from token {place}"


def main(wanted):
    entry = lock.part("llama.cpp")
    index = PythonIndex()
    version, name, address = choose(index.files(entry["package"]), wanted)
    if version == entry["version"]:
        print(f"bump: {version} is the pinned version already; nothing was done.")
        return 0
    out = ROOT / "build/bump"
    out.mkdir(parents=True, exist_ok=True)
    print(f"bump: {entry['version']} -> {version}: measuring what is there", flush=True)
    before, pinned = measure(), LOCK.read_text(encoding="utf-8")
    repin(entry, version, name, download(index, name, address))
    try:
        build()
    except (subprocess.CalledProcessError, KeyboardInterrupt) as failure:
        LOCK.write_text(pinned, encoding="utf-8")
        print(f"bump: {version} could not be built ({failure}); the pin is {entry['version']} again.", file=sys.stderr)
        return 1
    after = measure()
    comparison = report(entry["version"], version, before, after)
    stem = f"llama-{entry['version']}-{version}"
    (out / f"{stem}.json").write_text(json.dumps({"before": before, "after": after}, indent=1) + "\n")
    (out / f"{stem}.md").write_text(comparison)
    print(comparison)
    print(f"bump: lock.json names {version} now. Look at the comparison, run ./dev test, then commit, or put lock.json back.")
    failed = [test for test, how in after["tests"].items() if how != "Passed"]
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] != "llama":
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[2] if len(sys.argv) == 3 else None))
    except IndexFailure as failure:
        sys.exit(f"bump: {failure}")
