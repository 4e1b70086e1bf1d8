# SPDX-License-Identifier: Apache-2.0
"""Ten tasks that quote or edit a document, and ten that write freely. The documents lie in tests/data/bench.

`begin` is how the answer begins. The starter model is small: without its first words it tells about the document
instead of writing it down.
"""
import dataclasses

from setup import ROOT

DOCUMENTS = ROOT / "tests/data/bench"
QUOTED_TOKENS, PROSE_TOKENS = 256, 160


@dataclasses.dataclass(frozen=True)
class Task:
    name: str
    instruction: str
    document: str = ""
    begin: str = ""

    def prompt(self):
        """In the layout of ChatML, which SmolLM2 was trained with; to be tokenised with control words."""
        text = self.instruction
        if self.document:
            text += "\n\n" + (DOCUMENTS / self.document).read_text(encoding="utf-8").rstrip()
        return (f"<|im_start|>system\nYou do exactly what you are asked for, and nothing else.<|im_end|>\n"
                f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n{self.begin}")


QUOTING = [
    Task("quote a chapter", "Write down chapter 3 of this report word for word.", "report.txt",
         "3. What may happen\n\nIf nothing is done,"),
    Task("quote the costs", "Write down chapter 4 of this report word for word.", "report.txt",
         "4. What can be done\n\nThree ways were looked at."),
    Task("change a name in a letter",
         "Write this letter again with the name Dr Ingrid Sommer in place of Dr Helena Voss.", "letter.txt",
         "Marlow & Stern, Instruments\n14 Harbour Street\nKingsbridge\n\nTo Dr Ingrid Sommer\n"),
    Task("change a date in a letter", "Write this letter again; the order is of 31 January, not of 29 January.",
         "letter.txt", "Dear Dr Voss,\n\nThank you for your order of 31 January"),
    Task("type a table again", "Type this table again, line by line.", "table.txt",
         "station;river;opened;gauge zero (m);highest level (cm);on;keeper\nAldingen;Neckar;1907"),
    Task("change the separators of a table", "Type this table again with commas in place of the semicolons.",
         "table.txt", "station,river,opened,gauge zero (m),highest level (cm),on,keeper\nAldingen,Neckar,1907"),
    Task("rename in code", "Rename the class Reading to Sample and write down the whole program.", "code.txt",
         "import csv\nimport datetime\nimport pathlib\n\n\nclass BadSample(ValueError):\n"),
    Task("add a sentence to code",
         "Add a sentence to each function that says what it does; write down the whole program.", "code.txt",
         "def parse_row(row, line_number):\n    \"\"\"Makes a reading of one line.\"\"\"\n    if len(row)"),
    Task("quote minutes", "Write down items 2 and 3 of these minutes word for word.", "minutes.txt",
         "Item 2: Opening hours in winter\nMs Calloway reports"),
    Task("correct minutes", "Write down item 4 of these minutes again; the theodolite is of 1886.", "minutes.txt",
         "Item 4: The bequest of Dr Imhof\nDr Imhof has left the library"),
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
