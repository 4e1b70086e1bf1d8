# SPDX-License-Identifier: Apache-2.0
"""Speaks to tramontane-engine as a client does (resources/formats/frames.md). Standard library only."""
import array
import collections
import struct
import subprocess
import sys

PROTOCOL_VERSION = 3
BULK_PIECE, BULK_WINDOW = 1 << 18, 1 << 20  # frames.md, bulk data
UNREAD = {"text", "logprobs", "reasoning", "promptProgress", "loadProgress"}  # nobody waits for one of these
DEFAULT_OPTIONS = {"contextTokens": 0, "threads": 0, "batchTokens": 2048, "ubatchTokens": 512, "flashAttention": "auto",
                   "parallel": 0, "kvTypeK": "f16", "kvTypeV": "f16", "speculation": "off", "draftPath": "",
                   "draftSha256": "", "pooling": "model", "adapters": [], "projectorPath": "", "projectorSha256": "",
                   "projectorBytes": 0}
EUCLIDEAN = {"method": "pNorm", "p": 2}
GREEDY = {"temperature": 0.0, "topP": 1.0, "topK": 0, "minP": 0.0, "repeatPenalty": 1.0, "seed": 1, "maxTokens": 1,
          "stop": [], "grammar": "", "logitBias": [], "logprobs": -1}
FREE = {"tools": [], "toolChoice": "auto", "parallelToolCalls": True, "jsonSchema": "", "reasoningEffort": ""}
QUESTION = {"turns": [], "deterministic": False, "reportTokenIds": False, "background": False, "conversation": "",
            "reusePrefix": False, "shape": FREE, "adapters": []}


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
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
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
            "documents": [], "prefix": False, "images": []}


class WorkerFailure(Exception):
    """The worker refused, or ended. `code` is that of the error frame; None when it ended."""

    def __init__(self, text, code=None):
        super().__init__(text)
        self.code = code


class Worker:
    """One worker with a loaded model. Many requests may run; frames that nobody waits for yet are kept."""

    def __init__(self, program, model, options, kind="chat"):
        self._process = self._start(program)
        self._next = 1
        self._kept = collections.defaultdict(collections.deque)  # (type, id): frames
        self._failures = {}
        self._texts = collections.defaultdict(str)
        self._logprobs = collections.defaultdict(list)
        self._send({"t": "hello", "id": 0, "version": PROTOCOL_VERSION, "build": "bench"})
        self._receive("hello", 0)
        number = self._request({"t": "load", "path": str(model), "kind": kind, "options": DEFAULT_OPTIONS | options})
        self.loaded = self._receive("loaded", number)

    def _start(self, program):
        return subprocess.Popen([program, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def pid(self):
        return self._process.pid

    def close(self):
        self._send({"t": "quit", "id": 0})
        self._process.stdout.close()
        self._process.wait(30)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def embed(self, texts, normalisation=EUCLIDEAN):
        """One array of floats for each text."""
        number = self._request({"t": "embed", "texts": texts, "normalisation": normalisation, "first": 0})
        shape = self._receive("embedded", number)
        values = array.array("f", self._take_bulk(number))
        if sys.byteorder == "big":
            values.byteswap()
        return [values[row * shape["dims"]:(row + 1) * shape["dims"]] for row in range(shape["rows"])]

    def rerank(self, query, documents):
        """One score for each document."""
        number = self._request({"t": "rerank", "query": query, "documents": documents, "first": 0})
        return self._receive("ranked", number)["scores"]

    def tokenize(self, text, special=False):
        number = self._request({"t": "tokenize", "text": text, "parseSpecial": special})
        return self._receive("tokens", number)["ids"]

    def start(self, prompt_ids, tokens, question=None, **sampling):
        """A greedy answer to a prompt of token ids: the number of the request. Several may run. `question`: other
        fields of the frame `generate`."""
        return self._request(QUESTION | {"t": "generate", "promptTokenIds": prompt_ids,
                                         "sampling": GREEDY | {"maxTokens": tokens} | sampling} | (question or {}))

    def done(self, number):
        """The frame `done` of a request, with its text and logprobs if there were any."""
        frame = self._receive("done", number)
        return frame | {"text": self._texts.pop(number, ""), "logprobs": self._logprobs.pop(number, [])}

    def generate(self, prompt_ids, tokens, question=None, **sampling):
        """Greedy; the answer is the frame `done`."""
        return self.done(self.start(prompt_ids, tokens, question, **sampling))

    def begin(self, turns, tokens, schema="", deterministic=False, **sampling):
        """An answer to a conversation: the number of the request. A turn is (role, text)."""
        return self._request(QUESTION | {"t": "generate", "turns": [turn(*entry) for entry in turns],
                                         "sampling": GREEDY | {"maxTokens": tokens} | sampling,
                                         "deterministic": deterministic, "reportTokenIds": True,
                                         "shape": FREE | {"jsonSchema": schema}})

    def ask(self, turns, tokens, schema="", deterministic=False, **sampling):
        """(text, frame `done` with token ids). A turn is (role, text)."""
        number = self.begin(turns, tokens, schema, deterministic, **sampling)
        done = self.done(number)
        return done["text"], done

    def cancel(self, number):
        """Asks for the end of a request; `done` comes all the same."""
        self._send({"t": "cancel", "id": number})

    def save_state(self, conversation):
        """(token ids, bytes) of what is in memory of a conversation."""
        number = self._request({"t": "saveState", "conversation": conversation, "adapters": []})
        state = self._receive("state", number)
        data = self._take_bulk(number)
        if len(data) != state["bytes"]:
            raise WorkerFailure(f"a state of {len(data)} bytes instead of {state['bytes']}")
        return state["tokens"], data

    def restore_state(self, conversation, tokens, data):
        """How many tokens are in memory again."""
        number = self._request({"t": "restoreState", "conversation": conversation, "adapters": [],
                                "state": {"tokens": tokens, "bytes": len(data)}})
        self._give_bulk(number, data)
        return self._receive("restored", number)["tokens"]

    def forget(self, conversation):
        """Empties the memory of a conversation; answers how many tokens were there."""
        return self._receive("restored", self._request({"t": "forgetState", "conversation": conversation}))["tokens"]

    def next_frame(self):
        """The next frame of any request. For who drives many at a time; it is kept for the other calls as well."""
        head = self._process.stdout.read(4)
        if len(head) < 4:
            raise WorkerFailure(f"the worker ended with status {self._process.wait()}")
        frame, _ = decode(self._process.stdout.read(struct.unpack("<I", head)[0]))
        kind, number = frame["t"], frame["id"]
        if kind == "text":
            self._texts[number] += frame["text"]
        elif kind == "logprobs":
            self._logprobs[number] += frame["tokens"]
        elif kind == "error":
            text = f"{frame['code']}: {frame['message']} {frame['detail']}"
            self._failures[number] = WorkerFailure(text, frame["code"])
            if number == 0:
                raise self._failures[0]
        elif kind not in UNREAD:
            self._kept[kind, number].append(frame)
        return frame

    def _take_bulk(self, number):
        pieces = []
        while True:
            piece = self._receive("bulk", number)
            pieces.append(piece["data"])
            if piece["last"]:
                return b"".join(pieces)
            self._send({"t": "credit", "id": number, "bytes": len(piece["data"])})

    def _give_bulk(self, number, data):
        room = BULK_WINDOW
        for seq, start in enumerate(range(0, len(data), BULK_PIECE)):
            piece = data[start:start + BULK_PIECE]
            while room < len(piece):
                room += self._receive("credit", number)["bytes"]
            last = start + len(piece) == len(data)
            self._send({"t": "bulk", "id": number, "seq": seq, "last": last, "data": piece})
            room -= len(piece)

    def _request(self, fields):
        number, self._next = self._next, self._next + 1
        self._send(fields | {"id": number})
        return number

    def _send(self, fields):
        body = encode(fields)
        self._process.stdin.write(struct.pack("<I", len(body)) + body)
        self._process.stdin.flush()

    def _receive(self, kind, number):
        """The next frame of this type for this request; whatever else comes is kept."""
        while not self._kept.get((kind, number)):
            if number in self._failures:
                raise self._failures.pop(number)
            self.next_frame()
        frames = self._kept[kind, number]
        frame = frames.popleft()
        if not frames:
            del self._kept[kind, number]
        return frame
