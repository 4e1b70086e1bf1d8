# SPDX-License-Identifier: Apache-2.0
"""Speaks to tramontane-engine as a client does (resources/formats/frames.md). Standard library only."""
import struct
import subprocess

PROTOCOL_VERSION = 2
DEFAULT_OPTIONS = {"contextTokens": 0, "threads": 0, "batchTokens": 2048, "ubatchTokens": 512, "flashAttention": True,
                   "parallel": 0, "kvTypeK": "f16", "kvTypeV": "f16", "speculation": "off", "draftPath": "",
                   "draftSha256": ""}
GREEDY = {"temperature": 0.0, "topP": 1.0, "topK": 0, "minP": 0.0, "repeatPenalty": 1.0, "seed": 1, "maxTokens": 1,
          "stop": [], "grammar": "", "logitBias": [], "logprobs": -1}
FREE = {"tools": [], "toolChoice": "auto", "parallelToolCalls": True, "jsonSchema": "", "reasoningEffort": ""}
QUESTION = {"turns": [], "deterministic": False, "reportTokenIds": False, "background": False, "conversation": "",
            "reusePrefix": False, "shape": FREE}


def encode(value):
    """CBOR of the kinds that a frame may hold."""
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        data = value.encode()
        return _head(3, len(data)) + data
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(encode, value))
    return _head(5, len(value)) + b"".join(encode(key) + encode(value[key]) for key in sorted(value))


def _head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | info]) + number.to_bytes(size, "big")
    raise ValueError("number too large for CBOR")


def decode(data, at=0):
    """(value, where it ends)"""
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7 and info >= 26:
        size = 4 if info == 26 else 8
        return struct.unpack(">f" if size == 4 else ">d", data[at:at + size])[0], at + size
    if major == 7:
        return {20: False, 21: True}[info], at
    if info >= 24:
        size = 1 << info - 24
        info, at = int.from_bytes(data[at:at + size], "big"), at + size
    if major in (0, 1):
        return (info if major == 0 else -1 - info), at
    if major in (2, 3):
        piece = data[at:at + info]
        return (bytes(piece) if major == 2 else piece.decode()), at + info
    if major == 4:
        items = []
        for _ in range(info):
            item, at = decode(data, at)
            items.append(item)
        return items, at
    pairs = {}
    for _ in range(info):
        key, at = decode(data, at)
        pairs[key], at = decode(data, at)
    return pairs, at


def turn(role, text):
    return {"role": role, "text": text, "reasoning": "", "toolCalls": [], "toolCallId": "", "toolName": "",
            "documents": [], "prefix": False}


class WorkerFailure(Exception):
    """The worker refused, or ended."""


class Worker:
    def __init__(self, program, model, options, kind="chat"):
        self._process = subprocess.Popen([program, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._next = 1
        self._done = {}
        self._texts = {}
        self._send({"t": "hello", "id": 0, "version": PROTOCOL_VERSION, "build": "bench"})
        self._receive("hello", 0)
        number = self._request({"t": "load", "path": str(model), "kind": kind, "options": DEFAULT_OPTIONS | options})
        self.loaded = self._receive("loaded", number)

    @property
    def pid(self):
        return self._process.pid

    def close(self):
        self._send({"t": "quit", "id": 0})
        self._process.wait(30)

    def embed(self, texts):
        """The answer is the frame `embedded`; its data is read and dropped."""
        number = self._request({"t": "embed", "texts": texts})
        embedded = self._receive("embedded", number)
        while not self._receive("bulk", number)["last"]:
            pass
        return embedded

    def start(self, prompt_ids, tokens, **sampling):
        """A greedy answer to a prompt of token ids: the number of the request. Several may run."""
        return self._request(QUESTION | {"t": "generate", "promptTokenIds": prompt_ids,
                                         "sampling": GREEDY | {"maxTokens": tokens} | sampling})

    def done(self, number):
        """The frame `done` of a request; those of others are kept."""
        while number not in self._done:
            frame = self._receive("done")
            self._done[frame["id"]] = frame
        return self._done.pop(number)

    def generate(self, prompt_ids, tokens):
        """Greedy; the answer is the frame `done`."""
        return self.done(self.start(prompt_ids, tokens))

    def ask(self, turns, tokens, schema="", deterministic=False, **sampling):
        """(text, frame `done` with token ids). A turn is (role, text)."""
        number = self._request(QUESTION | {"t": "generate", "turns": [turn(*entry) for entry in turns],
                                           "sampling": GREEDY | {"maxTokens": tokens} | sampling,
                                           "deterministic": deterministic, "reportTokenIds": True,
                                           "shape": FREE | {"jsonSchema": schema}})
        done = self.done(number)
        return self._texts.pop(number, ""), done

    def _request(self, fields):
        number, self._next = self._next, self._next + 1
        self._send(fields | {"id": number})
        return number

    def _send(self, fields):
        body = encode(fields)
        self._process.stdin.write(struct.pack("<I", len(body)) + body)
        self._process.stdin.flush()

    def _receive(self, kind, number=None):
        while True:
            head = self._process.stdout.read(4)
            if len(head) < 4:
                raise WorkerFailure(f"the worker ended with status {self._process.wait()}")
            frame, _ = decode(self._process.stdout.read(struct.unpack("<I", head)[0]))
            if frame["t"] == "error":
                raise WorkerFailure(f"{frame['code']}: {frame['message']} {frame['detail']}")
            if frame["t"] == "text":
                self._texts[frame["id"]] = self._texts.get(frame["id"], "") + frame["text"]
            if frame["t"] == kind and number in (None, frame["id"]):
                return frame
