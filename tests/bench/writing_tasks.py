# SPDX-License-Identifier: Apache-2.0
"""Ten tasks that quote or edit a document, and ten that write freely. The documents lie in tests/data/bench.

The answer to a task with a document begins with the first words of the passage, changed as the task says: the starter
model is small and would tell about the document instead of writing it down.
"""
import dataclasses

from setup import ROOT

DOCUMENTS = ROOT / "tests/data/bench"
QUOTED_TOKENS, PROSE_TOKENS = 256, 160
GIVEN = 240  # characters with which the answer begins


@dataclasses.dataclass(frozen=True)
class Task:
    name: str
    instruction: str
    document: str = ""
    passage: str = ""      # how it begins in the document
    changes: tuple = ()    # (old, new)

    def text(self):
        return (DOCUMENTS / self.document).read_text(encoding="utf-8").rstrip() if self.document else ""

    def begin(self):
        if not self.document:
            return ""
        given = self.text()
        given = given[given.index(self.passage):][:GIVEN].rsplit(None, 1)[0]
        for old, new in self.changes:
            given = given.replace(old, new)
        return given

    def prompt(self):
        """In the layout of ChatML, which SmolLM2 was trained with; to be tokenised with control words."""
        asked = f"{self.text()}\n\n{self.instruction}".strip()
        return (f"<|im_start|>system\nYou do exactly what you are asked for, and nothing else.<|im_end|>\n"
                f"<|im_start|>user\n{asked}<|im_end|>\n<|im_start|>assistant\n{self.begin()}")


QUOTING = [
    Task("quote a chapter", "Write down chapter 3 of this report word for word.", "report.txt", "3. What may happen"),
    Task("quote the ways", "Write down chapter 4 of this report word for word.", "report.txt", "4. What can be done"),
    Task("change a name in a letter",
         "Write this letter again with the name Dr Ingrid Sommer in place of Dr Helena Voss.", "letter.txt",
         "Marlow & Stern", (("Helena Voss", "Ingrid Sommer"),)),
    Task("change a date in a letter", "Write this letter again; the order is of 31 January, not of 29 January.",
         "letter.txt", "Dear Dr Voss", (("29 January", "31 January"),)),
    Task("type a table again", "Type this table again, line by line.", "table.txt", "station;river"),
    Task("change the separators of a table", "Type this table again with commas in place of the semicolons.",
         "table.txt", "station;river", ((";", ","),)),
    Task("rename in code", "Rename the class Reading to Sample and write down the whole program.", "code.txt",
         "class Reading:", (("Reading", "Sample"),)),
    Task("change a limit in code", "Allow levels up to 2000 cm and write down the function parse_row.", "code.txt",
         "def parse_row", (("1500", "2000"),)),
    Task("quote minutes", "Write down items 2 and 3 of these minutes word for word.", "minutes.txt",
         "Item 2: Opening hours"),
    Task("correct minutes", "Write down item 4 of these minutes again; the theodolite is of 1886.", "minutes.txt",
         "Item 4: The bequest", (("1868", "1886"),)),
]

PROSE = [Task(text[:32].rsplit(" ", 1)[0], text) for text in (
    "Tell me how a lighthouse keeper spends a stormy night.",
    "Explain why the sky is blue to somebody who has never heard of light waves.",
    "Write the beginning of a story about two sisters who find an old map in a piano.",
    "Describe a market in a small town on a cold morning in autumn.",
    "What should a person think about before moving from the city to the country?",
    "Explain how bread dough rises, and what can go wrong with it.",
    "Write a speech with which a teacher says farewell to a class.",
    "Describe how a river changes from its spring to the sea.",
    "Tell me about a day in the life of a ship's cook a hundred years ago.",
    "Explain what makes a good question in a conversation.",
)]
