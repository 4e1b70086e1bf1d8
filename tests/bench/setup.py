# SPDX-License-Identifier: Apache-2.0
"""What every measurement needs: where the programs and models lie, how many threads, how often; and a row of the
table."""
import argparse
import dataclasses
import json
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LLAMA = ROOT / ".third_party/build/llama-native/bin"
MODEL = ROOT / ".third_party/models/SmolLM2-135M-Instruct.Q4_1.gguf"
EMBEDDER = ROOT / ".third_party/models/all-MiniLM-L6-v2.gguf"
ORDINARY_TOKENS = range(1000, 40000)  # no control tokens in SmolLM2's vocabulary of 49152
ENDS = (0, 2)  # <|endoftext|>, <|im_end|>


@dataclasses.dataclass(frozen=True)
class Setup:
    build: pathlib.Path = ROOT / "build/dev"
    threads: int = os.cpu_count()
    rounds: int = 5

    @property
    def bin(self):
        return self.build / "bin"

    @property
    def engine(self):
        return self.bin / "tramontane-engine"

    @staticmethod
    def scratch():
        """A folder on a real disk: /tmp may lie in memory."""
        folder = ROOT / "build/bench"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table. `quotient` and `goal` may be missing; `least` says whether the goal is a lower limit."""
    what: str
    figure: str
    against: str = ""
    quotient: float | None = None
    goal: float | None = None
    least: bool = True
    command: str = ""

    def verdict(self):
        if self.goal is None:
            return ""
        met = self.quotient >= self.goal if self.least else self.quotient <= self.goal
        return f"{'&ge;' if self.least else '&le;'} {self.goal} {'met' if met else '**missed**'}"

    def line(self):
        quotient = "" if self.quotient is None else f"{self.quotient:g}"
        return f"| {self.what} | {self.figure} | {self.against} | {quotient} | {self.verdict()} | `{self.command}` |"


def parser(doc, rounds=5):
    """Options that all measurements share; setup_from() takes them out of what was parsed."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--build", type=pathlib.Path, default=Setup.build, help="its bin holds the programs")
    made.add_argument("--threads", type=int, default=Setup.threads)
    made.add_argument("--rounds", type=int, default=rounds)
    return made


def setup_from(options):
    return Setup(options.build.resolve(), options.threads, options.rounds)


def print_sizes(doc, measure, sizes):
    """The main program of a measurement over several sizes: measure(setup, sizes) as JSON."""
    made = parser(doc)
    made.add_argument("--tokens", type=int, nargs="+", default=sizes)
    chosen = made.parse_args()
    print(json.dumps(measure(setup_from(chosen), chosen.tokens), indent=1))
