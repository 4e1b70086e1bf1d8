# SPDX-License-Identifier: Apache-2.0
"""Writes GGUF version 3 and reads safetensors. Standard library only, so that set-up needs no numerical packages.

Formats: ggml/docs/gguf.md of llama.cpp; the safetensors README (8-byte length, JSON header, raw little-endian data).
"""
import array
import json
import struct
import sys

ALIGNMENT = 32
FLOAT32, FLOAT16 = 0, 1                       # ggml_type
UINT32, INT32, FP32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9  # gguf_metadata_value_type


def _text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(data)) + data


def _scalar(kind, value):
    if kind == STRING:
        return _text(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FP32: "<f", BOOL: "<?"}[kind], value)


class Safetensors:
    """The tensors of a file with 32-bit floats, by name."""

    def __init__(self, data):
        (length,) = struct.unpack_from("<Q", data)
        self._data = memoryview(data)[8 + length:]
        self._header = json.loads(bytes(data[8:8 + length]))
        self._header.pop("__metadata__", None)

    def shape(self, name):
        return self._header[name]["shape"]

    def floats(self, name):
        entry = self._header[name]
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} is {entry['dtype']}; only F32 is read here")
        values = array.array("f")
        values.frombytes(self._data[slice(*entry["data_offsets"])])
        if sys.byteorder != "little":
            values.byteswap()
        return values


class GgufWriter:
    """Collects metadata and tensors, then writes them in one go."""

    def __init__(self, architecture):
        self._metadata = []
        self._tensors = []
        self.add("general.architecture", STRING, architecture)

    def add(self, key, kind, value):
        self._metadata.append(_text(key) + struct.pack("<I", kind) + _scalar(kind, value))

    def add_list(self, key, kind, values):
        head = struct.pack("<IIQ", ARRAY, kind, len(values))
        self._metadata.append(_text(key) + head + b"".join(_scalar(kind, value) for value in values))

    def add_tensor(self, name, shape, floats, half):
        """`shape` as in safetensors: the slowest dimension first. GGUF writes the fastest first."""
        data = _as_half(floats) if half else _as_float(floats)
        self._tensors.append((name, list(reversed(shape)), FLOAT16 if half else FLOAT32, data))

    def write(self, file):
        infos, offset = [], 0
        for name, shape, kind, data in self._tensors:
            infos.append(_text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
            offset += len(data) + -len(data) % ALIGNMENT
        head = b"GGUF" + struct.pack("<IQQ", 3, len(self._tensors), len(self._metadata))
        head += b"".join(self._metadata) + b"".join(infos)
        file.write(head + b"\0" * (-len(head) % ALIGNMENT))
        for _, _, _, data in self._tensors:
            file.write(data + b"\0" * (-len(data) % ALIGNMENT))


def _as_float(floats):
    if sys.byteorder != "little":
        floats = floats[:]
        floats.byteswap()
    return floats.tobytes()


def _as_half(floats, step=1 << 20):
    parts = []
    for start in range(0, len(floats), step):
        piece = floats[start:start + step]
        parts.append(struct.pack(f"<{len(piece)}e", *piece))
    return b"".join(parts)
