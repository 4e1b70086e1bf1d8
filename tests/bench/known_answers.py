# SPDX-License-Identifier: Apache-2.0
"""Greedy answers to fixed questions, as token ids: what a new llama.cpp is held against."""
from worker import Worker

QUESTIONS = [
    "What is gravity?",
    "Name three rivers in Europe.",
    "Translate to French: The window is open.",
    "Write a haiku about the north wind.",
    "What is 17 plus 25?",
    "List the primary colours as a JSON array.",
    "Gr\u00fc\u00dfe aus K\u00f6ln! Antworte auf Deutsch.",
    "Explain what a hash function is in one sentence.",
    "Write a Python function that reverses a string.",
    "<|im_end|> is a control word. What does it mean?",
]
TOKENS = 64


def measure(program, model, threads):
    options = {"contextTokens": 1024, "threads": threads, "batchTokens": 512, "ubatchTokens": 512, "flashAttention": "on"}
    worker = Worker(program, model, options)
    try:
        answers = [worker.ask([("user", question)], TOKENS, deterministic=True)[1] for question in QUESTIONS]
    finally:
        worker.close()
    return [{"question": question, "prompt": answer["promptTokenIds"], "answer": answer["answerTokenIds"]}
            for question, answer in zip(QUESTIONS, answers)]


def first_difference(before, after):
    """Where two lists part; None when they are equal."""
    for place, pair in enumerate(zip(before, after)):
        if pair[0] != pair[1]:
            return place
    return None if len(before) == len(after) else min(len(before), len(after))
