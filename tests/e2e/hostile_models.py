#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Broken model files, each loaded by a worker of its own: what becomes of the workers, and of who asked them.

usage: hostile_models.py BIN COUNT [SEED] [FIRST]

The files are those of tests/unit/inference/catalog/gguf_campaign, made of a tiny model with random weights; FIRST is
the number of the first one. A worker refuses each with the code of a model error, or loads it and then answers with one
token; within LIMIT_S of processor time, and HANG_S in all. Every IMPORT_EVERY-th is also given to `tramontanectl model
import`, which refuses it with such a code or takes it.

A worker that dies of a signal costs nobody anything but its answer, but its number is printed with the last words of
llama.cpp: inference/catalog should refuse such a file. The test fails on a hang, on an error without a proper code, when
tramontanectl dies, and when more than DEATHS_ALLOWED of the workers died. The last line is the tally as JSON. To see one
again: gguf_campaign write NUMBER SEED MODEL FILE; the model is written by tiny_model().
"""
import collections
import contextlib
import json
import pathlib
import resource
import signal
import subprocess
import sys
import threading

from vault_home import Home, error_code

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "bench"))

import random_model  # noqa: E402
from worker import Worker, WorkerFailure  # noqa: E402

LIMIT_S, HANG_S = 10, 120
DEATHS_ALLOWED = 0.01  # of all files
IMPORT_EVERY = 20
MODEL_CODES = {"MODEL_NOT_GGUF", "MODEL_TRUNCATED", "MODEL_UNSUPPORTED", "MODEL_LOAD_FAILED"}
ANSWER_CODES = MODEL_CODES | {"CONTEXT_FULL", "INVALID_ARGUMENT", "INTERNAL"}  # of a model that was loaded
IMPORT_CODES = MODEL_CODES | {"ENGINE_STOPPED"}
OPTIONS = {"contextTokens": 128, "threads": 1, "batchTokens": 64, "ubatchTokens": 64, "parallel": 1}


def tiny_model(path):
    random_model.llama(None, width=64, layers=2, heads=4, kv_heads=2, feed=64, context=256).write(path)


class Watch:
    """Starts a process with a limit of its own; it is killed when that is not enough."""

    def __init__(self, log):
        self.process, self.late = None, False
        self._log = log
        self._timer = threading.Timer(HANG_S, self._end)

    def start(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S + 1)))
        self._timer.start()
        return self.process

    def finish(self):
        """The exit status."""
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(BrokenPipeError):  # of what a dead worker has not read
                pipe.close()
        try:
            return self.process.wait()  # the limit still holds: a worker may hang when it ends, too
        finally:
            self._timer.cancel()

    def _end(self):
        self.late = True
        self.process.kill()


class WatchedWorker(Worker):
    def __init__(self, program, model, watch):
        self._watch = watch
        super().__init__(program, model, OPTIONS)

    def _start(self, program):
        return self._watch.start([program, "--serve"])


def code_of(failure, codes):
    """Nothing when the worker ended without an error."""
    code = getattr(failure, "code", None)
    assert code is None or code in codes, f"an error that is not one of a model: {failure}"
    return code


def load_and_answer(program, model, watch):
    """"answered", or the code of the refusal; nothing when the worker ended."""
    codes = MODEL_CODES
    try:
        worker = WatchedWorker(program, model, watch)
        codes = ANSWER_CODES
        worker.ask([("user", "Hi")], 1)
        return "answered"
    except (WorkerFailure, BrokenPipeError) as failure:
        return code_of(failure, codes)


def one_file(program, model, log_path):
    """(outcome, what to say about it)"""
    with open(log_path, "wb") as log:
        watch = Watch(log)
        try:
            outcome = load_and_answer(program, model, watch)
        finally:
            status = watch.finish()
    if watch.late or status in (-signal.SIGXCPU, -signal.SIGKILL):
        return "hung", f"status {status}"
    if outcome is None or status < 0:
        words = log_path.read_text(errors="replace").strip().splitlines()
        return "died", f"status {status}: {words[-1] if words else 'without a word'}"
    return outcome, ""


def import_it(home, path):
    """The same file through the application."""
    done = home.run("model", "import", path, check=False)
    assert done.returncode >= 0, f"tramontanectl died of signal {-done.returncode}"
    if done.returncode == 0:
        home.run("model", "remove", json.loads(done.stdout)["id"])
        return "imported"
    code = error_code(done)
    assert code in IMPORT_CODES, f"model import: {code}"
    return code


class Campaign:
    def __init__(self, bin_dir, seed):
        self._bin = pathlib.Path(bin_dir).resolve()
        self._writer = self._bin.parent / "tests" / "gguf_campaign"
        self._seed = seed
        self.home = Home(bin_dir, "")
        self.home.run("vault", "init")
        self._model = self.home.root / "sound.gguf"
        tiny_model(self._model)
        self.outcomes, self.imports, self.hung, self.deaths = collections.Counter(), collections.Counter(), [], []

    def check_the_sound_one(self):
        outcome, detail = one_file(self._bin / "tramontane-engine", self._model, self.home.root / "log")
        assert outcome == "answered", f"the sound model: {outcome} {detail}"
        assert import_it(self.home, self._model) == "imported"

    def run(self, number):
        path = self.home.root / "broken.gguf"
        written = subprocess.run([self._writer, "write", str(number), self._seed, self._model, path], check=True,
                                 capture_output=True, text=True)
        try:
            outcome, detail = one_file(self._bin / "tramontane-engine", path, self.home.root / "log")
            if number % IMPORT_EVERY == 0:
                self.imports[import_it(self.home, path)] += 1
        except AssertionError as error:
            raise AssertionError(f"number {number} ({written.stdout.strip()}): {error}") from error
        self.outcomes[outcome] += 1
        if outcome in ("hung", "died"):
            (self.hung if outcome == "hung" else self.deaths).append(number)
            print(f"{number:6} {outcome}: {'; '.join(written.stdout.splitlines())}; {detail}", flush=True)


def main(bin_dir, count, seed="2026", first="0"):
    campaign = Campaign(bin_dir, seed)
    campaign.check_the_sound_one()
    for number in range(int(first), int(first) + int(count)):
        campaign.run(number)
    print(json.dumps({"count": int(count), "seed": int(seed), "outcomes": campaign.outcomes,
                      "imports": campaign.imports, "died": campaign.deaths, "hung": campaign.hung}))
    assert not campaign.hung, f"hung: {campaign.hung}"
    assert len(campaign.deaths) <= DEATHS_ALLOWED * int(count), f"{len(campaign.deaths)} workers died"
    campaign.home.remove()
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
