#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at a random time after the first token, many times, on one vault.

After each kill: the question is there, the text that had been shown for more than a second is there, both databases open,
the log verifies, and the attempt is closed as interrupted. Where the program says that it waits for the disk, the second
counts from there. usage: kill_mid_answer.py BIN MODEL COUNT [SEED]
"""
import json
import random
import sys
import threading
import time

from vault_home import Home, answer_texts

LONG_GRAMMAR = 'root ::= line{400}\nline ::= [a-zA-Z ,.]{24} "\\n"\n'


# How late the program may store what is a second old, or say that it waits: a QTimer of a second may come 5 % late, and
# on a busy machine its thread gets its turn later still.
TIMER_S = 0.25


def read_stream(process, received, first, waits):
    for line in process.stdout:
        event = json.loads(line)
        if event["type"] == "disk":
            waits.append(time.monotonic() if event["waiting"] else None)
        if event["type"] == "token":
            received.append((time.monotonic(), event["text"]))
            first.set()


def one_kill(home, grammar, index, delay):
    question = f"Question number {index}: tell a long story."
    process = home.start("chat", "--grammar", grammar, "--max-tokens", "1900", "--temperature", "0.8", question)
    received, first, waits = [], threading.Event(), [None]
    reader = threading.Thread(target=read_stream, args=(process, received, first, waits))
    reader.start()
    if not first.wait(60):
        process.kill()
        raise AssertionError("no token within 60 s: " + process.stderr.read())
    time.sleep(delay)
    killed_at = time.monotonic()
    process.kill()
    process.wait()
    reader.join()
    assert process.returncode == -9, f"ended by itself with {process.returncode} before the kill"
    last_sure = (waits[-1] or killed_at) - TIMER_S - 1.0
    old = "".join(text for when, text in received if when < last_sure)
    return question, old


def check(home, question, old):
    listed = home.json("conversation", "list")["items"]
    newest = listed[0]
    pairs = answer_texts(home, newest["id"])
    assert pairs and pairs[-1][0] == question, f"the question is lost: {question!r} in {pairs}"
    stored = pairs[-1][1]
    assert stored.startswith(old.rstrip("\n")[:len(old)].rstrip()), (
        f"text older than 1 s is lost: {len(old)} characters shown, {len(stored)} stored")
    assert pairs[-1][2]["state"] in ("cut_off", "failed"), pairs[-1][2]["state"]
    verified = home.json("audit", "verify")
    assert verified["whole"] and not verified["broken"] and verified["missing"] == 0, verified
    failed = home.json("audit", "list", "--event", "gen_ai.request.failed")["items"]
    attempted = home.json("audit", "list", "--event", "gen_ai.request.attempted")["items"]
    assert len(failed) == len(attempted), f"{len(attempted)} attempts, {len(failed)} closed"
    return len(old)


def main():
    bin_dir, model, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 2026)
    home = Home(bin_dir, model)
    home.create()
    grammar = home.root / "long.gbnf"
    grammar.write_text(LONG_GRAMMAR)
    with_second, characters = 0, 0
    for index in range(count):
        delay = rng.uniform(1.2 + TIMER_S, 2.2) if rng.random() < 0.85 else rng.uniform(0.0, 1.2)
        question, old = one_kill(home, grammar, index, delay)
        kept = check(home, question, old)
        with_second += kept > 0
        characters += kept
    print(f"{count} kills, {with_second} with text older than 1 s, {characters} such characters, none lost")
    assert with_second >= count * 6 // 10, f"only {with_second} of {count} had text older than 1 s"
    home.remove()


if __name__ == "__main__":
    main()
