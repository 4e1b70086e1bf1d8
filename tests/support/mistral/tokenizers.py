#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tokenizers inside the wheel of mistral-common as GGUF files without weights. Standard library only.

usage: tokenizers.py WHEEL FOLDER

Sources: sentencepiece_model.proto (ModelProto.pieces), tekken.json as mistral_common/tokens/tokenizers/tekken.py reads
it, and llama.cpp's gguf-py/gguf/vocab.py for the form that llama.cpp expects. Files that are there already stay.
"""
import base64
import json
import pathlib
import struct
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "packaging/models"))
from gguf_file import BOOL, FP32, INT32, STRING, UINT32, GgufWriter  # noqa: E402

NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6  # llama_token_type, the same numbers as in sentencepiece
SPM = {
    "v1": "tokenizer.model.v1",
    "v2": "mistral_instruct_tokenizer_240216.model.v2",
    "v3": "mistral_instruct_tokenizer_240323.model.v3",
    "v7": "mistral_instruct_tokenizer_241114.model.v7",
    "v7m1": "mistral_instruct_tokenizer_241114.model.v7m1",
}
TEKKEN = {"tekken_240718": "tekken_240718.json", "tekken_240911": "tekken_240911.json"}
# Tekken files before v11 do not list them (Tekkenizer.DEPRECATED_SPECIAL_TOKENS).
TEKKEN_WORDS = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
                "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]",
                "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]"]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """(number, value) of a protocol buffers message: bytes for the length-delimited ones, else a number."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = struct.unpack({1: "<d", 5: "<f"}[kind], data[at:at + size])[0], at + size
        yield key >> 3, value


def sentencepiece(data):
    """(text, score, type) of every piece."""
    for number, piece in fields(data):
        if number == 1:
            entry = dict(fields(piece))
            yield entry[1], entry.get(2, 0.0), entry.get(3, NORMAL)


def byte_characters():
    """GPT-2's table from bytes to printable characters."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + i) for i, byte in enumerate(rest)}}


def merges_of(ranks):
    """Every way in which two tokens make a third, in the order of the third (llama.cpp's MistralVocab does the same)."""
    for token in ranks:
        pairs = [(token[:i], token[i:]) for i in range(1, len(token)) if token[:i] in ranks and token[i:] in ranks]
        yield from sorted(pairs, key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))


def begin(kind, name):
    writer = GgufWriter("llama")
    writer.add("general.name", STRING, f"mistral-common {name}")
    writer.add("tokenizer.ggml.model", STRING, kind)
    for key, token in (("unknown", 0), ("bos", 1), ("eos", 2)):
        writer.add(f"tokenizer.ggml.{key}_token_id", UINT32, token)
    writer.add("tokenizer.ggml.add_bos_token", BOOL, True)
    return writer


def add_spm(writer, data):
    pieces = list(sentencepiece(data))
    writer.add("tokenizer.ggml.add_space_prefix", BOOL, True)
    writer.add_list("tokenizer.ggml.tokens", STRING, [text for text, _, _ in pieces])
    writer.add_list("tokenizer.ggml.scores", FP32, [score for _, score, _ in pieces])
    writer.add_list("tokenizer.ggml.token_type", INT32, [kind for _, _, kind in pieces])


def add_tekken(writer, data, extra_words=()):
    model = json.loads(data)
    specials = model["config"]["default_num_special_tokens"]
    count = model["config"]["default_vocab_size"] - specials
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in model["vocab"][:count]}
    words = TEKKEN_WORDS + list(extra_words)
    words += [f"<SPECIAL_{i}>" for i in range(len(words), specials)]
    table = byte_characters()
    shown = {token: "".join(table[byte] for byte in token) for token in ranks}
    writer.add("tokenizer.ggml.pre", STRING, "tekken")
    writer.add_list("tokenizer.ggml.tokens", STRING, words + [shown[token] for token in ranks])
    writer.add_list("tokenizer.ggml.token_type", INT32, [UNKNOWN] + [CONTROL] * (specials - 1) + [NORMAL] * count)
    writer.add_list("tokenizer.ggml.merges", STRING, [f"{shown[a]} {shown[b]}" for a, b in merges_of(ranks)])


def main(wheel, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as package:
        for name, file in {**SPM, **TEKKEN}.items():
            target = folder / f"{name}.gguf"
            if target.exists():
                continue
            data = package.read(f"mistral_common/data/{file}")
            writer = begin("gpt2" if name in TEKKEN else "llama", name)
            (add_tekken if name in TEKKEN else add_spm)(writer, data)
            part = target.with_suffix(".part")
            with open(part, "wb") as out:
                writer.write(out)
            part.replace(target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
