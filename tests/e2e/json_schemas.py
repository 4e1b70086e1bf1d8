#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""JSON schemas from a seed; every answer of a real model must be complete and valid.

usage: json_schemas.py BIN MODEL COUNT [SEED]

Half of the schemas are at least 4 levels deep. Strings and arrays are bounded, and the limit of tokens is above the
longest valid answer (a token has at least one byte; white space between JSON's parts is bounded by the grammar, too), so
that an answer that was cut off is a failure.
"""
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import jsonschema  # noqa: E402
from worker import Worker, WorkerFailure  # noqa: E402

CONTEXT = 8192
LONGEST = 6000  # bytes of an answer, so that it fits into the context with its prompt
SPACE = 22      # common's rule: two line feeds and 20 blanks
WORDS = ["name", "size", "colour", "year", "parts", "owner", "note", "x", "id-2", "with space", "gr\u00f6\u00dfe"]


def scalar(dice):
    """(schema, longest text of a value)"""
    kind = dice.randrange(8)
    if kind == 0:
        least = dice.randrange(4)
        most = least + dice.randrange(1, 10)
        return {"type": "string", "minLength": least, "maxLength": most}, 2 + 12 * most
    if kind == 1:
        values = dice.sample(["red", "green", "b \"l\" ue", 7, None, True, "\u00fc"], dice.randrange(1, 4))
        return {"enum": values}, 24
    if kind == 2:
        return {"const": dice.choice(WORDS)}, 24
    if kind == 3:
        least = dice.randrange(-500, 500)
        return {"type": "integer", "minimum": least, "maximum": least + dice.randrange(1, 2000)}, 6
    if kind == 4:
        return {"type": "number"}, 64
    if kind == 5:
        return {"type": "boolean"}, 5
    if kind == 6:
        return {"type": "null"}, 4
    choices = [scalar(dice) for _ in range(2)]
    return {"anyOf": [schema for schema, _ in choices]}, max(longest for _, longest in choices)


def node(dice, depth):
    if depth == 0:
        schema, longest = scalar(dice)
        return schema, longest + SPACE
    if dice.random() < 0.3:
        least = dice.randrange(2)
        most = least + dice.randrange(1, 3)
        item, longest = node(dice, depth - 1)
        return {"type": "array", "items": item, "minItems": least, "maxItems": most}, 2 + 2 * SPACE + most * (
            longest + 1 + SPACE)
    names = dice.sample(WORDS, dice.randrange(1, 4))
    deep = dice.randrange(len(names))
    properties, total = {}, 2 + 2 * SPACE
    for number, name in enumerate(names):
        properties[name], longest = node(dice, depth - 1 if number == deep else 0)
        total += longest + len(json.dumps(name)) + 2 + 3 * SPACE
    required = [name for number, name in enumerate(names) if number == deep or dice.random() < 0.7]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}, total


def schemas(count, seed):
    for number in range(count):
        dice = random.Random(f"{seed}-{number}")
        while True:
            depth = dice.randrange(4, 7) if number % 2 else dice.randrange(0, 4)
            schema, longest = node(dice, depth)
            if longest <= LONGEST:
                break
        if isinstance(schema, dict) and number % 5 == 0:  # by reference
            schema = {"$defs": {"it": schema}, "$ref": "#/$defs/it"}
        yield depth, schema, longest


def problem_of(worker, schema, longest, seed):
    question = "Make up an example for this JSON schema: " + json.dumps(schema)
    try:
        text, done = worker.ask([("user", question[:2000])], longest + 1, temperature=0.8, seed=seed, schema=json.dumps(schema))
    except WorkerFailure as failure:
        return str(failure), ""
    if done["state"] != "complete":
        return f"not complete: {done['stopReason']}", text
    try:
        jsonschema.Draft202012Validator(schema).validate(json.loads(text))
    except (ValueError, jsonschema.ValidationError) as error:
        return f"{type(error).__name__}: {error}", text
    return None, text


def main(bin_folder, model, count, seed="1"):
    options = {"contextTokens": CONTEXT, "threads": 2, "batchTokens": 2048, "ubatchTokens": 512, "flashAttention": "on"}
    worker = Worker(pathlib.Path(bin_folder) / "tramontane-engine", pathlib.Path(model).resolve(), options)
    failed = deep = total = 0
    start = time.monotonic()
    for number, (depth, schema, longest) in enumerate(schemas(int(count), seed)):
        deep += depth >= 4
        total += 1
        problem, text = problem_of(worker, schema, longest, number + 1)
        if problem:
            failed += 1
            print(f"schema {number} (depth {depth}): {problem}\n  {json.dumps(schema)}\n  {text}", flush=True)
    worker.close()
    print(f"{total} schemas (seed {seed}), {deep} of them at least 4 deep: {total - failed} valid, {failed} failed, "
          f"{time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
