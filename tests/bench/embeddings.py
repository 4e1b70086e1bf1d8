#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of texts: our worker against `llama-server --embeddings` of the same source, in turns.

usage: embeddings.py [--build DIR] [--threads N] [--rounds N] [--slots N]

What is compared: texts per second for one request with many texts, short ones (about ten words) and long ones
(about 200 words), with the same model, texts and threads. The texts are new in each round, so that nothing can be
remembered. The server answers in base64, which costs it less than numbers as text. In the first round the vectors
of both are compared: the work must be the same. Prints one JSON object.
"""
import array
import base64
import json
import math
import os
import random
import statistics
import time

from peer import Peer
from setup import EMBEDDER, Row, parser, setup_from
from worker import Worker

CONTEXT = 512
SLOTS = 4  # what llama-server takes by itself
SIZES = {"short": (64, 10), "long": (16, 200)}  # texts, words of each
SAME = 0.999  # least cosine between both sides' vectors of a text
WORDS = """account after agreement air amount analyst answer archive area article balance bank beginning board
book border bridge budget building business case chapter city clause coast committee company condition contract
copper cost council country court customer data date decision delivery department design detail distance
document draft east effect energy engine evening evidence example factory farm field figure file floor forest
form fund garden glass goods government grain group growth harbour health hill history hospital hour house
industry interest iron island issue journey judge kitchen labour lake land language law letter level library
line list loan machine market material measure meeting member message metal mill minister model month morning
motion mountain museum nation night north note notice number office oil opinion order owner page paper part
payment people period permit person plan plant police port power price process product profit programme project
public purpose quality quarter question railway rain rate reason record region report request research result
rice river road room rule salt sample school science sea season section series service share ship side signature
silver site soil south spring staff stage state station steel stone storm street student subject summer supply
system table tax teacher term theory ticket timber time tool town trade traffic treaty tree union valley value
vessel village visit voice wall war waste water weather week weight west wheat wind window winter witness wood
word work world year""".split()


class Theirs:
    def __init__(self, threads, slots):
        tokens = CONTEXT * slots
        self._peer = Peer(EMBEDDER, threads, "--embeddings", "-np", slots, "-c", tokens, "-b", tokens, "-ub", tokens,
                          "-fa", "on")

    def close(self):
        self._peer.close()

    def embed(self, texts):
        return self._peer.call("/v1/embeddings", {"input": texts, "encoding_format": "base64"})

    @staticmethod
    def vectors(reply):
        return [array.array("f", base64.b64decode(entry["embedding"])) for entry in json.loads(reply)["data"]]


class Ours:
    def __init__(self, engine, threads):
        options = {"contextTokens": CONTEXT, "threads": threads}
        self._worker = Worker(engine, EMBEDDER, options, kind="embedding")

    def close(self):
        self._worker.close()

    def embed(self, texts):
        return self._worker.embed(texts)

    @staticmethod
    def vectors(reply):
        return reply


def texts(dice, count, words):
    return [" ".join(dice.choices(WORDS, k=words)).capitalize() + "." for _ in range(count)]


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b))
    return dot / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def least_likeness(sides, asked):
    mine, theirs = (side.vectors(side.embed(asked)) for side in sides)
    if len(mine) != len(theirs):
        raise RuntimeError(f"{len(mine)} and {len(theirs)} vectors for the same texts")
    return min(map(cosine, mine, theirs))


def speeds_of(sides, dice, rounds, count, words):
    speeds = [[] for _ in sides]
    for _ in range(rounds):
        asked = texts(dice, count, words)
        for found, side in zip(speeds, sides):
            start = time.perf_counter()
            side.embed(asked)
            found.append(count / (time.perf_counter() - start))
    return speeds


def measure(setup, slots=SLOTS):
    dice = random.Random(13)
    sides = []
    result = {"model": EMBEDDER.name, "threads": setup.threads, "rounds": setup.rounds, "slots": slots,
              "load": os.getloadavg()[0]}
    try:
        sides.append(Ours(setup.engine, setup.threads))
        sides.append(Theirs(setup.threads, slots))
        for name, (count, words) in SIZES.items():
            likeness = least_likeness(sides, texts(dice, count, words))  # warms up, too
            if likeness < SAME:
                raise RuntimeError(f"the vectors of {name} texts differ: cosine {likeness:.6f}")
            mine, theirs = speeds_of(sides, dice, setup.rounds, count, words)
            result[name] = {"texts": count, "words": words, "least_cosine": round(likeness, 6),
                            "ours_texts_per_s": round(statistics.median(mine), 2),
                            "llama_server_texts_per_s": round(statistics.median(theirs), 2),
                            "ratio": round(statistics.median(mine) / statistics.median(theirs), 4),
                            "all": [[round(speed, 2) for speed in found] for found in (mine, theirs)]}
    finally:
        for side in sides:
            side.close()
    return result


def rows(found):
    return [Row(f"Vectors of {name} texts ({part['words']} words, {part['texts']} in a request)",
                f"{part['ours_texts_per_s']} texts/s",
                f"llama-server --embeddings {part['llama_server_texts_per_s']} texts/s", part["ratio"], 1.0,
                command="tests/bench/embeddings.py")
            for name, part in ((name, found[name]) for name in SIZES)]


def main():
    options = parser(__doc__)
    options.add_argument("--slots", type=int, default=SLOTS, help="of llama-server")
    chosen = options.parse_args()
    print(json.dumps(measure(setup_from(chosen), chosen.slots), indent=1))


if __name__ == "__main__":
    main()
