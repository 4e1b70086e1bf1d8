# SPDX-License-Identifier: Apache-2.0
"""Two greedy answers to one prompt: where they part, how near to a tie that was, and how much another shape of the
batch alone changes what the model says.

A model computes a token alone, beside others of the same answer, or beside other answers; sums are then taken in
another order. The difference is measured without speculation: the chances of the two likeliest tokens of an answer
written alone, against the same when the answer is read as part of a prompt, and when four answers are written at a
time.
"""
from known_answers import first_difference

TOP = 20  # alternatives asked for; the two likeliest of one run are among them in the other


def top_two(entry):
    """[(token, logprob)], the likeliest first."""
    return [(chance["token"], chance["logprob"]) for chance in entry["alternatives"][:2]]


def changed(entry, other):
    """The largest change of the two likeliest tokens of `entry`; a token that `other` does not name is skipped."""
    there = {chance["token"]: chance["logprob"] for chance in other["alternatives"]}
    return max((abs(logprob - there[token]) for token, logprob in top_two(entry) if token in there), default=0.0)


def alone(worker, prompt, tokens):
    """(token ids, logprobs) of an answer that is written alone, from an empty memory."""
    worker.forget("task")
    done = worker.generate(prompt, tokens, {"reportTokenIds": True, "reusePrefix": False, "conversation": "task"},
                           logprobs=TOP)
    return done["answerTokenIds"], done["logprobs"]


def read_instead(worker, prompt, answer, places):
    """The largest change when the first `places` tokens of an answer are read with the prompt."""
    ids, chances = answer
    found = [0.0]
    for place in places:
        done = worker.generate(prompt + ids[:place], 1, logprobs=TOP)
        found.append(changed(chances[place], done["logprobs"][0]))
    return max(found)


def side_by_side(worker, prompts, answers, tokens):
    """The largest change when all answers are written at a time, as far as they are equal."""
    numbers = [worker.start(prompt, tokens, {"reportTokenIds": True}, logprobs=TOP) for prompt in prompts]
    found = [0.0]
    for number, (ids, chances) in zip(numbers, answers):
        done = worker.done(number)
        place = first_difference(ids, done["answerTokenIds"])
        same = len(ids) if place is None else place + 1  # up to the first difference the beginnings are equal
        found += map(changed, chances[:same], done["logprobs"][:same])
    return max(found)


def divergence(worker, prompt, tokens, plain, other):
    """None when both are equal; else where they part and how far the two likeliest tokens were from each other."""
    place = first_difference(plain, other)
    if place is None:
        return None
    ids, chances = alone(worker, prompt, tokens)
    if ids[:place + 1] != plain[:place + 1]:
        return {"place": place, "gap": None, "why": "the run without speculation does not repeat"}
    if place >= len(other):
        return {"place": place, "gap": None, "why": "the other answer ends"}
    (_, first), (_, second) = top_two(chances[place])
    return {"place": place, "gap": round(first - second, 6)}
