#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The worker dies, hangs or talks nonsense in the middle of an answer, many times, on one vault.

usage: worker_faults.py BIN MODEL COUNT [SEED] [SLOWNESS] [KIND…]

After each fault: the program says by itself that the answer ended; the question and all text that was shown are
stored; no engine is left. The log verifies and every attempt in it is closed. Printed, and judged unless SLOWNESS
is 0: this is said within 200 ms (95 of 100; for `hang`, `flood` and `stalled`, which only show after a while, 3 s), and the
next question gets its first word within 3 s, counted from the start of the program. SLOWNESS (1 if it is not given)
multiplies these limits, which are for an idle machine.

Kinds: `kill` (also what the kernel's OOM killer does), `crash` (SIGSEGV), `hang` (SIGSTOP), `starve` (no more
memory is given to it; it may live on), and answers that break the rules of the frames: `noise`, `huge` (a length
that cannot be), `unknown` (a type that is none), `cut` (it ends within a frame), `flood` (more text than was asked
for), `stalled` (a frame that never ends).
"""
import dataclasses
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import statistics
import sys
import threading
import time

from vault_home import Home, answer_texts

GRAMMAR = 'root ::= line{400}\nline ::= [a-zA-Z ,.]{24} "\\n"\n'
SIGNALS = {"kill": signal.SIGKILL, "crash": signal.SIGSEGV, "hang": signal.SIGSTOP}
NONSENSE = ("noise", "huge", "unknown", "cut", "flood", "stalled")
KINDS = {"kill": 5, "crash": 5, "hang": 1, "starve": 1} | {kind: 1 for kind in NONSENSE}  # how often, in parts
TOLD_MS, SLOW_TOLD_MS, BACK_S = 200, 3000, 3.0
SLOW = ("hang", "flood", "stalled")  # show only by what they do for a while
NOTICE_S, GIVE_UP_S = 15.0, 60.0
CHECK_LOG_EVERY = 10

# Stands between the program and the engine; SIGUSR1: instead of the next frame comes what the file `order` names.
NOISY = """#!{python}
import os, random, signal, struct, subprocess, sys
if "--serve" not in sys.argv:
    os.execv({engine!r}, [{engine!r}, *sys.argv[1:]])
asked = []
signal.signal(signal.SIGUSR1, lambda *_: asked.append(True))
child = subprocess.Popen([{engine!r}, *sys.argv[1:]], stdout=subprocess.PIPE)
def put(data):
    while data:
        data = data[os.write(1, data):]
while True:
    head = child.stdout.read(4)
    if len(head) < 4:
        break
    frame = head + child.stdout.read(struct.unpack("<I", head)[0])
    kind, seed = open({order!r}).read().split() if asked else ("", "")
    if kind and (kind != "flood" or b"atdtext" in frame):  # CBOR: "t": "text"
        asked.clear()
        nonsense = dict(noise=random.Random(seed).randbytes(4096), huge=struct.pack("<I", 0xFFFFFFF0),
                        unknown=b"\\x0d\\x00\\x00\\x00\\xa2\\x61t\\x65ghost\\x62id\\x00", cut=frame[:len(frame) // 2],
                        flood=frame * 20000, stalled=struct.pack("<I", 1 << 20) + b"and so on")[kind]
        put(nonsense)
        if kind == "cut":
            child.kill()
            break
    else:
        put(frame)
sys.exit(child.wait())
"""


@dataclasses.dataclass
class Outcome:
    kind: str
    first_s: float       # from the start of the program to the first word
    noticed: bool        # the program ended the answer by itself
    told_ms: float       # from the fault to the word that the answer ended
    exit_ms: float       # … to the end of the program
    characters: int      # that had been shown


class Chat:
    """One running `chat`, and what it has shown."""

    def __init__(self, home, grammar, question):
        self.question = question
        self.text, self.last, self.last_at, self.first_at = "", None, None, None
        self._first = threading.Event()
        self.started = time.monotonic()
        self.process = home.start("chat", "--grammar", grammar, "--max-tokens", "1900", "--temperature", "0.8",
                                  question)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            event, now = json.loads(line), time.monotonic()
            if event["type"] == "token":
                self.text += event["text"]
                self.first_at = self.first_at or now
                self._first.set()
            elif event["type"] in ("done", "error"):
                self.last, self.last_at = event, now

    def wait_for_first_word(self):
        if not self._first.wait(GIVE_UP_S):
            self.process.kill()
            raise AssertionError(f"no word within {GIVE_UP_S} s: {self.process.stderr.read()}")

    def ended(self, seconds):
        """Whether the program has ended by itself within this time."""
        try:
            self.process.wait(seconds)
        except Exception:
            return False
        self._reader.join()
        return True


def children(pid):
    """(pid, name) of the processes that `pid` has started. The name of a hardened process can be read, too."""
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            except OSError:
                continue
            if int(rest.split()[1]) == pid:
                yield int(entry.name), name


def descendants(pid):
    for child, name in children(pid):
        yield child, name
        yield from descendants(child)


def engines_below(pid):
    return [child for child, name in descendants(pid) if name.startswith("tramontane-engi")]


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def noisy_programs(bin_dir, root):
    """tramontanectl beside an engine that talks nonsense when told to: the folder, and the file with the order."""
    folder, order = root / "noisy", root / "order"
    folder.mkdir()
    shutil.copy2(pathlib.Path(bin_dir) / "tramontanectl", folder)
    engine = folder / "tramontane-engine"
    real = str((pathlib.Path(bin_dir) / "tramontane-engine").resolve())
    engine.write_text(NOISY.format(python=sys.executable, engine=real, order=str(order)))
    engine.chmod(0o755)
    return folder, order


def strike(kind, chat, order, dice):
    """Does the damage; returns the engines that ran."""
    running = engines_below(chat.process.pid)
    assert running, "no engine is running"
    if kind in NONSENSE:
        order.write_text(f"{kind} {dice.random()}")
        os.kill(running[0], signal.SIGUSR1)  # the first is the one in between
    elif kind == "starve":
        _, hard = resource.prlimit(running[0], resource.RLIMIT_AS)
        resource.prlimit(running[0], resource.RLIMIT_AS, (4096, hard))
    else:
        os.kill(running[0], SIGNALS[kind])
    return running


def one_fault(home, grammar, index, kind, order, dice):
    chat = Chat(home, grammar, f"Question number {index}: tell a long story.")
    chat.wait_for_first_word()
    time.sleep(dice.uniform(0.0, 2.2))
    running = strike(kind, chat, order, dice)
    at = time.monotonic()
    noticed = chat.ended(NOTICE_S)
    if not noticed:
        chat.process.send_signal(signal.SIGINT)  # as a person would
        if not chat.ended(GIVE_UP_S):
            chat.process.kill()
            raise AssertionError(f"{kind}: the program does not end {GIVE_UP_S} s after Ctrl+C")
    gone = time.monotonic()
    assert chat.last is not None, f"{kind}: the program ended without a word: {chat.process.stderr.read()}"
    end = gone + 5
    while any(map(alive, running)) and time.monotonic() < end:
        time.sleep(0.05)
    left = [pid for pid in running if alive(pid)]
    assert not left, f"{kind}: the engine {left} outlived the program"
    check_stored(home, chat, kind, noticed)
    return Outcome(kind, chat.first_at - chat.started, noticed, 1000 * (chat.last_at - at), 1000 * (gone - at),
                   len(chat.text))


def check_stored(home, chat, kind, noticed):
    newest = home.json("conversation", "list", "--limit", "1")["items"][0]
    pairs = answer_texts(home, newest["id"])
    assert pairs and pairs[-1][0] == chat.question, f"{kind}: the question is lost: {chat.question!r} in {pairs}"
    _, stored, message = pairs[-1]
    assert stored.startswith(chat.text.rstrip()), (
        f"{kind}: text is lost: {len(chat.text)} characters shown, {len(stored)} stored")
    expected = {"cut_off", "failed"}
    if kind == "starve" or not noticed:
        expected |= {"stopped", "complete", "length"}
    assert message["state"] in expected, f"{kind}: {message['state']}"


def check_log(home):
    verified = home.json("audit", "verify")
    assert verified["whole"] and not verified["broken"] and verified["missing"] == 0, verified
    every = ("audit", "list", "--limit", "1000000", "--event")
    counts = {name: len(home.json(*every, f"gen_ai.request.{name}")["items"])
              for name in ("attempted", "completed", "failed", "cancelled")}
    closed = sum(counts.values()) - counts["attempted"]
    assert closed == counts["attempted"], f"attempts are open: {counts}"


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def report(outcomes):
    print(f"{'kind':8} {'faults':>6} {'noticed':>7} {'told ms p50':>12} {'p95':>7} {'max':>7} {'exit ms p50':>12} "
          f"{'max':>7}")
    for kind in KINDS:
        rows = [outcome for outcome in outcomes if outcome.kind == kind]
        if rows:
            told, exits = [row.told_ms for row in rows], [row.exit_ms for row in rows]
            print(f"{kind:8} {len(rows):6} {sum(row.noticed for row in rows):7} {statistics.median(told):12.0f} "
                  f"{percentile(told, 0.95):7.0f} {max(told):7.0f} {statistics.median(exits):12.0f} "
                  f"{max(exits):7.0f}")
    firsts = [outcome.first_s for outcome in outcomes]
    print(f"first word after the start of the program: p50 {statistics.median(firsts):.2f} s, "
          f"p95 {percentile(firsts, 0.95):.2f} s, max {max(firsts):.2f} s; "
          f"{sum(outcome.characters for outcome in outcomes)} characters shown, none lost")


def judge(outcomes, slowness):
    """What does not hold; the first word of the very first question has no fault before it."""
    problems = []
    for kind in KINDS:
        rows = [outcome for outcome in outcomes if outcome.kind == kind]
        missed = sum(not row.noticed for row in rows)
        if missed and kind != "starve":
            problems.append(f"{kind}: {missed} of {len(rows)} were not noticed within {NOTICE_S:.0f} s")
    if slowness == 0:
        return problems
    for slow, limit in ((False, TOLD_MS), (True, SLOW_TOLD_MS)):
        told = [outcome.told_ms for outcome in outcomes if outcome.noticed and (outcome.kind in SLOW) == slow]
        if told and percentile(told, 0.95) > limit * slowness:
            problems.append(f"told after {percentile(told, 0.95):.0f} ms (p95), not {limit * slowness:.0f}")
    back = [outcome.first_s for outcome in outcomes[1:]]
    if back and max(back) > BACK_S * slowness:
        problems.append(f"the next question had its first word after {max(back):.1f} s, not {BACK_S * slowness:.1f}")
    return problems


def series(count, dice, kinds):
    """Every kind once as long as they last, then by chance."""
    more = max(count - len(kinds), 0)
    chosen = list(kinds)[:count] + dice.choices(list(kinds), [KINDS[kind] for kind in kinds], k=more)
    dice.shuffle(chosen)
    return chosen


def main(bin_dir, model, count, seed="2026", slowness="1", *kinds):
    dice = random.Random(int(seed))
    home = Home(bin_dir, model)
    home.create()
    grammar = home.root / "long.gbnf"
    grammar.write_text(GRAMMAR)
    noisy, order = noisy_programs(bin_dir, home.root)
    outcomes = []
    for index, kind in enumerate(series(int(count), dice, kinds or KINDS)):
        home.bin = noisy if kind in NONSENSE else pathlib.Path(bin_dir)
        outcomes.append(one_fault(home, grammar, index, kind, order, dice))
        home.bin = pathlib.Path(bin_dir)
        last = outcomes[-1]
        print(f"{index:3} {kind:8} first word {last.first_s:5.2f} s, {last.characters:4} characters, told "
              f"{last.told_ms:6.0f} ms, ended {last.exit_ms:6.0f} ms", flush=True)
        if index % CHECK_LOG_EVERY == 0:
            check_log(home)
    check_log(home)
    report(outcomes)
    problems = judge(outcomes, float(slowness))
    assert not problems, "; ".join(problems)
    home.remove()
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
