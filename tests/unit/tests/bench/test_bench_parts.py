#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the measurements say must be true: their frames, order of events, judgement of near-ties, and table."""
import pathlib
import random
import struct
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "tests/bench"))
import bench  # noqa: E402
import clients  # noqa: E402
import speculation  # noqa: E402
import text_equality  # noqa: E402
import vault  # noqa: E402
import worker  # noqa: E402
import writing_tasks  # noqa: E402
import zstd  # noqa: E402
from setup import Row  # noqa: E402


def entry(*pairs):
    """As in a frame `logprobs`."""
    chances = [{"token": token, "bytes": b"", "logprob": logprob} for token, logprob in pairs]
    return {"chosen": chances[0], "alternatives": chances}


class Frames(unittest.TestCase):
    def test_every_example_is_read(self):
        data = (ROOT / f"tests/data/formats/frames-v{worker.PROTOCOL_VERSION}.bin").read_bytes()
        at, kinds = 0, set()
        while at < len(data):
            size, = struct.unpack_from("<I", data, at)
            frame, end = worker.decode(data[at + 4:at + 4 + size])
            self.assertEqual(size, end)
            kinds.add(frame["t"])
            at += 4 + size
        self.assertGreater(len(kinds), 20)

    def test_what_is_written_is_read_again(self):
        frame = {"t": "bulk", "id": 70000, "seq": 0, "last": False, "data": b"\x00\xff" * 200,
                 "list": [-1, -500, 2**40], "text": "gr\u00fc\u00df", "part": 0.25, "map": {"a": [], "b": {}}}
        self.assertEqual(frame, worker.decode(worker.encode(frame))[0])


class Packing(unittest.TestCase):
    def test_there_and_back(self):
        data = random.Random(1).randbytes(100_000) + bytes(100_000)
        packed = zstd.compress(data, 1)
        self.assertLess(len(packed), 110_000)
        self.assertEqual(data, zstd.decompress(packed, len(data)))

    def test_damage_is_noticed(self):
        packed = zstd.compress(b"x" * 1000, 1)
        with self.assertRaises(ValueError):
            zstd.decompress(packed[:-1], 1000)
        with self.assertRaises(ValueError):
            zstd.decompress(packed, 1001)


class Order(unittest.TestCase):
    BACKGROUND = {1: False, 2: True, 3: False, 4: False}

    def test_background_that_waits_is_counted(self):
        order = [("asked", number) for number in (1, 2, 3, 4)] + [("begun", number) for number in (1, 3, 4, 2)]
        self.assertEqual(3, clients.longest_wait_in_turns(order, self.BACKGROUND))

    def test_people_count_only_while_background_waits(self):
        order = [("asked", 1), ("begun", 1), ("asked", 3), ("begun", 3), ("asked", 2), ("begun", 2)]
        self.assertEqual(0, clients.longest_wait_in_turns(order, self.BACKGROUND))

    def test_overtaking_within_a_priority(self):
        order = [("begun", 3), ("begun", 2), ("begun", 1), ("begun", 4)]
        self.assertEqual(1, clients.overtaken(order, self.BACKGROUND, False))
        self.assertEqual(0, clients.overtaken(order, self.BACKGROUND, True))

    def test_a_broken_promise_is_said(self):
        good = {"answered": 8, "questions": 8, "most_passed_over": 8, "parallel": 4, "overtaken": {"people": 0},
                "too_many": {"answered": 68, "refused": 24}}
        self.assertEqual([], clients.problems(good))
        for bad in ({"answered": 7}, {"most_passed_over": 40}, {"overtaken": {"people": 1}},
                    {"too_many": {"answered": 92, "refused": 0}}, {"too_many": {"answered": 10, "refused": 82}}):
            self.assertEqual(1, len(clients.problems(good | bad)), bad)


class NearTies(unittest.TestCase):
    def test_change_of_the_two_likeliest(self):
        before = entry((5, -0.5), (6, -1.0), (7, -3.0))
        after = entry((6, -0.75), (5, -0.75), (7, -9.0))
        self.assertAlmostEqual(0.25, text_equality.changed(before, after))

    def test_a_token_that_is_not_named_is_skipped(self):
        self.assertEqual(0.0, text_equality.changed(entry((5, -0.5), (6, -1.0)), entry((8, -0.1))))

    def test_a_wide_gap_is_no_near_tie(self):
        gaps = (0.01, 0.2, None)
        tasks = [{"divergence": None}] + [{"divergence": {"place": 3, "gap": gap}} for gap in gaps]
        judged = speculation.judge(tasks, 0.1)
        self.assertEqual((4, 1, 1), (judged["tasks"], judged["equal"], judged["near_ties"]))


class Tasks(unittest.TestCase):
    def test_ten_of_each_and_their_documents(self):
        self.assertEqual((10, 10), (len(writing_tasks.QUOTING), len(writing_tasks.PROSE)))
        for task in writing_tasks.QUOTING:
            text = (writing_tasks.DOCUMENTS / task.document).read_text(encoding="utf-8")
            self.assertIn(text.rstrip(), task.prompt())
            self.assertTrue(task.prompt().endswith(task.begin()))
            self.assertGreater(len(task.begin()), 100)


class Table(unittest.TestCase):
    def test_a_goal_that_is_missed_is_said(self):
        self.assertIn("met", Row("a", "b", quotient=1.5, goal=1.5).line())
        self.assertIn("missed", Row("a", "b", quotient=1.49, goal=1.5).line())
        self.assertIn("missed", Row("a", "b", quotient=2.1, goal=2.0, least=False).line())
        self.assertEqual("", Row("a", "b").verdict())

    def test_the_vault_is_held_against_its_goals(self):
        def times(encrypted, plain):
            return {"encrypted_p50": encrypted, "encrypted_p95": 2 * encrypted, "encrypted_cpu": 1.0, "plain_cpu": 1.0,
                    "plain_p50": plain, "ratio": encrypted / plain}
        kinds = ("insert 1000 messages", vault.WRITE, vault.READ, "search", "search: phrase",
                 "open and list all conversations", "read the last 200 messages")
        found = {"messages": 100000, "many": {kind: times(20.0, 18.0) for kind in kinds},
                 "one": {kind: times(20.0, 18.0) for kind in kinds}}
        lines = [row.line() for row in vault.rows(found)]
        self.assertEqual(7, sum("met |" in line for line in lines))
        self.assertEqual(0, sum("missed" in line for line in lines))
        found["many"]["search"] = times(40.0, 30.0)
        lines = [row.line() for row in vault.rows(found)]
        self.assertEqual(2, sum("missed" in line for line in lines))

    def test_parts_that_are_measured_again_say_when(self):
        last = {"date": "2026-01-01", "commit": "aaa", "failed": {"memory": "no root", "clients": "busy"},
                "engine": 1, "parallel": 2}
        again = {"date": "2026-02-02", "commit": "bbb", "failed": {"clients": "gone"}, "engine": 3, "memory": 4}
        whole = bench.renew(last, again, ["engine", "memory", "clients"])
        self.assertEqual((3, 2, 4, "aaa"), (whole["engine"], whole["parallel"], whole["memory"], whole["commit"]))
        self.assertEqual({"clients": "gone"}, whole["failed"])
        self.assertEqual(["", "Measured again on 2026-02-02, commit bbb: engine, memory."], bench.renewed_lines(whole))
        self.assertEqual([], bench.renewed_lines(last))


if __name__ == "__main__":
    unittest.main()
