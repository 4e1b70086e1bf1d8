# SPDX-License-Identifier: Apache-2.0
"""split_model.py MODEL PREFIX PARTS: cuts a GGUF file into parts as llama-gguf-split does, keys in the first one.

Standard library only. The layout is that of ggml/docs/gguf.md, version 3; the names are those of llama_split_path.
"""
import struct
import sys

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
UINT16, INT32 = 2, 5
ALIGNMENT = 32


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, kind):
        (value,) = struct.unpack_from("<" + kind, self.data, self.at)
        self.at += struct.calcsize(kind)
        return value

    def text(self):
        length = self.number("Q")
        self.at += length
        return self.data[self.at - length:self.at]

    def skip_value(self, kind):
        if kind == 8:
            self.text()
        elif kind == 9:
            element, count = self.number("I"), self.number("Q")
            for _ in range(count if element == 8 else 0):
                self.text()
            self.at += 0 if element == 8 else count * SIZES[element]
        else:
            self.at += SIZES[kind]


def read(data):
    """Key-value pairs as bytes, and the tensors: head without offset, and data."""
    reader = Reader(data)
    assert reader.number("4s") == b"GGUF" and reader.number("I") == 3
    tensors, pairs = reader.number("Q"), reader.number("Q")
    begin = reader.at
    for _ in range(pairs):
        reader.text()
        reader.skip_value(reader.number("I"))
    keys = data[begin:reader.at]
    entries = []
    for _ in range(tensors):
        start = reader.at
        reader.text()
        dimensions = reader.number("I")
        reader.at += 8 * dimensions + 4
        entries.append((data[start:reader.at], reader.number("Q")))
    base = reader.at + -reader.at % ALIGNMENT
    ends = [offset for _, offset in entries[1:]] + [len(data) - base]
    return pairs, keys, [(head, data[base + offset:base + end]) for (head, offset), end in zip(entries, ends)]


def pair(key, kind, value):
    return struct.pack("<Q", len(key)) + key + struct.pack("<I", kind) + struct.pack({UINT16: "<H", INT32: "<i"}[kind], value)


def main(model, prefix, count):
    with open(model, "rb") as file:
        pairs, keys, tensors = read(file.read())
    size = -(-len(tensors) // count)
    for part in range(count):
        mine = tensors[part * size:(part + 1) * size]
        own = pair(b"split.no", UINT16, part) + pair(b"split.count", UINT16, count)
        own += pair(b"split.tensors.count", INT32, len(tensors))
        body = (keys if part == 0 else b"") + own
        infos, offset = b"", 0
        for head, data in mine:
            infos += head + struct.pack("<Q", offset)
            offset += len(data) + -len(data) % ALIGNMENT
        head = b"GGUF" + struct.pack("<IQQ", 3, len(mine), (pairs if part == 0 else 0) + 3) + body + infos
        with open(f"{prefix}-{part + 1:05d}-of-{count:05d}.gguf", "wb") as file:
            file.write(head + b"\0" * (-len(head) % ALIGNMENT))
            for _, data in mine:
                file.write(data + b"\0" * (-len(data) % ALIGNMENT))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
