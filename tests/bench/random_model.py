# SPDX-License-Identifier: Apache-2.0
"""Models of any shape with random weights: what they answer is nonsense, what they take is that of a real one.

Architectures and tensor names: src/llama-arch.cpp of llama.cpp; layout: ggml/docs/gguf.md. Standard library only.
"""
import pathlib
import random
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "support" / "gguf"), str(ROOT / "packaging" / "models")]

from gguf_file import BOOL, FLOAT16, FLOAT32, FP32, INT32, STRING, UINT32, GgufWriter  # noqa: E402
from split_model import Reader  # noqa: E402

ALIGNMENT = 32
MEAN, RANK = 1, 4  # llama_pooling_type
BLOCK = 1 << 16  # random numbers that are written again and again


class RandomModel(GgufWriter):
    """Tensors are written as they come, so that a model need not fit into memory."""

    def __init__(self, architecture, spread=0.02):
        """`spread`: of the numbers. The larger, the more an answer depends on what stands before it."""
        super().__init__(architecture)
        dice = random.Random(7)
        numbers = [dice.gauss(0, spread) for _ in range(BLOCK)]
        self._noise = {FLOAT16: struct.pack(f"<{BLOCK}e", *numbers), FLOAT32: struct.pack(f"<{BLOCK}f", *numbers)}

    def copy_keys(self, path, prefix):
        """All pairs of another file whose keys begin with `prefix`."""
        with open(path, "rb") as file:
            reader = Reader(file.read())
        reader.number("4s"), reader.number("I"), reader.number("Q")
        for _ in range(reader.number("Q")):
            start = reader.at
            key = reader.text()
            reader.skip_value(reader.number("I"))
            if key.decode().startswith(prefix):
                self._metadata.append(reader.data[start:reader.at])

    def matrix(self, name, *shape, kind=FLOAT16):
        """`shape`: the fastest dimension first, as GGUF has it."""
        self._tensors.append((name, list(shape), kind, None))

    def constant(self, name, value, *shape):
        self._tensors.append((name, list(shape), FLOAT32, value))

    def vector(self, name, length):
        self.constant(name, 1.0, length)

    def write(self, path):
        infos, offset, sizes = [], 0, []
        for name, shape, kind, _ in self._tensors:
            size = 4 if kind == FLOAT32 else 2
            for length in shape:
                size *= length
            text = name.encode()
            infos.append(struct.pack("<Q", len(text)) + text
                         + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
            sizes.append(size)
            offset += size + -size % ALIGNMENT
        head = b"GGUF" + struct.pack("<IQQ", 3, len(self._tensors), len(self._metadata))
        head += b"".join(self._metadata) + b"".join(infos)
        with open(path, "wb") as file:
            file.write(head + b"\0" * (-len(head) % ALIGNMENT))
            for (_, _, kind, fill), size in zip(self._tensors, sizes):
                piece = self._noise[kind] if fill is None else struct.pack("<f", fill)
                whole, rest = divmod(size, len(piece))
                for _ in range(whole):
                    file.write(piece)
                file.write(piece[:rest] + b"\0" * (-size % ALIGNMENT))


def byte_tokenizer(model):
    """A vocabulary like SentencePiece's: three control tokens, every byte, and some letters. Returns its size.

    Types: llama_token_type. The template is as plain as one can be."""
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [2, 3, 3] + [6] * 256
    letters = ["\u2581"] + [chr(ord("a") + i) for i in range(26)] + ["\u2581" + chr(ord("a") + i) for i in range(26)]
    model.add("tokenizer.ggml.model", STRING, "llama")
    model.add_list("tokenizer.ggml.tokens", STRING, tokens + letters)
    model.add_list("tokenizer.ggml.scores", FP32, [0.0] * len(tokens) + [-float(i) for i in range(len(letters))])
    model.add_list("tokenizer.ggml.token_type", INT32, types + [1] * len(letters))
    for key, token in (("unknown", 0), ("bos", 1), ("eos", 2)):
        model.add(f"tokenizer.ggml.{key}_token_id", UINT32, token)
    model.add("tokenizer.ggml.add_bos_token", BOOL, True)
    model.add("tokenizer.chat_template", STRING,
              "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"
              "{% if add_generation_prompt %}assistant: {% endif %}")
    return len(tokens) + len(letters)


def llama(tokenizer, *, width, layers, heads, kv_heads, feed, context, experts=0):
    """A decoder like Mistral's or Llama's; with experts like Mixtral's. `tokenizer`: a model file whose vocabulary is
    that of SmolLM2; None: bytes."""
    model = RandomModel("llama")
    model.add("general.name", STRING, "random")
    for key, value in (("block_count", layers), ("context_length", context), ("embedding_length", width),
                       ("feed_forward_length", feed), ("attention.head_count", heads),
                       ("attention.head_count_kv", kv_heads), ("rope.dimension_count", width // heads)):
        model.add(f"llama.{key}", UINT32, value)
    model.add("llama.attention.layer_norm_rms_epsilon", FP32, 1e-5)
    if experts:
        model.add("llama.expert_count", UINT32, experts)
        model.add("llama.expert_used_count", UINT32, 2)
    kv_width = width // heads * kv_heads
    if tokenizer is None:
        vocabulary = byte_tokenizer(model)
    else:
        model.copy_keys(tokenizer, "tokenizer.")
        vocabulary = 49152
    model.matrix("token_embd.weight", width, vocabulary)
    model.matrix("output.weight", width, vocabulary)
    model.vector("output_norm.weight", width)
    for i in range(layers):
        block = f"blk.{i}."
        model.vector(block + "attn_norm.weight", width)
        model.matrix(block + "attn_q.weight", width, width)
        model.matrix(block + "attn_k.weight", width, kv_width)
        model.matrix(block + "attn_v.weight", width, kv_width)
        model.matrix(block + "attn_output.weight", width, width)
        model.vector(block + "ffn_norm.weight", width)
        if experts:
            model.matrix(block + "ffn_gate_inp.weight", width, experts, kind=FLOAT32)
            model.matrix(block + "ffn_gate_exps.weight", width, feed, experts)
            model.matrix(block + "ffn_up_exps.weight", width, feed, experts)
            model.matrix(block + "ffn_down_exps.weight", feed, width, experts)
        else:
            model.matrix(block + "ffn_gate.weight", width, feed)
            model.matrix(block + "ffn_up.weight", width, feed)
            model.matrix(block + "ffn_down.weight", feed, width)
    return model


def _small(architecture, tokenizer, numbers):
    """What answers depend strongly on what stands before: for comparisons, not for speed. 49152 words, tied."""
    model = RandomModel(architecture, spread=0.2)
    model.add("general.name", STRING, f"random {architecture}")
    for key, value in numbers.items():
        model.add(f"{architecture}.{key}", UINT32, value)
    model.add(f"{architecture}.attention.layer_norm_rms_epsilon", FP32, 1e-5)
    model.copy_keys(tokenizer, "tokenizer.")
    model.matrix("token_embd.weight", numbers["embedding_length"], 49152, kind=FLOAT32)
    return model


def _feed(model, block, width, feed):
    model.vector(block + "ffn_norm.weight", width)
    for name, fast, slow in (("gate", width, feed), ("up", width, feed), ("down", feed, width)):
        model.matrix(f"{block}ffn_{name}.weight", fast, slow, kind=FLOAT32)


def _attention(model, block, width, kv_width):
    for name, slow in (("q", width), ("k", kv_width), ("v", kv_width), ("output", width)):
        model.matrix(f"{block}attn_{name}.weight", width, slow, kind=FLOAT32)


def mamba(tokenizer, *, width, layers, context, state=16, rank=4):
    """Recurrent: src/models/mamba.cpp."""
    inner = 2 * width
    model = _small("mamba", tokenizer, {
        "block_count": layers, "context_length": context, "embedding_length": width, "feed_forward_length": 0,
        "attention.head_count": 0, "ssm.conv_kernel": 4, "ssm.inner_size": inner, "ssm.state_size": state,
        "ssm.time_step_rank": rank})
    model.vector("output_norm.weight", width)
    for i in range(layers):
        block = f"blk.{i}."
        model.vector(block + "attn_norm.weight", width)
        for name, fast, slow in (("in", width, 2 * inner), ("conv1d", 4, inner), ("x", inner, rank + 2 * state),
                                 ("dt", rank, inner), ("out", inner, width)):
            model.matrix(f"{block}ssm_{name}.weight", fast, slow, kind=FLOAT32)
        model.constant(block + "ssm_conv1d.bias", 0.1, inner)
        model.constant(block + "ssm_dt.bias", -2.0, inner)    # forgets slowly
        model.constant(block + "ssm_a", -0.01, state, inner)  # below 0, or the state grows without end
        model.vector(block + "ssm_d", inner)
    return model


def lfm2(tokenizer, *, width, layers, heads, kv_heads, feed, context):
    """Hybrid, every second layer with attention: src/models/lfm2.cpp."""
    model = _small("lfm2", tokenizer, {
        "block_count": layers, "context_length": context, "embedding_length": width, "feed_forward_length": feed,
        "attention.head_count": heads, "shortconv.l_cache": 3})
    model.add_list("lfm2.attention.head_count_kv", INT32, [kv_heads * (i % 2) for i in range(layers)])
    model.vector("token_embd_norm.weight", width)
    for i in range(layers):
        block = f"blk.{i}."
        model.vector(block + "attn_norm.weight", width)
        _feed(model, block, width, feed)
        if i % 2:
            _attention(model, block, width, width // heads * kv_heads)
            for part in "qk":
                model.vector(f"{block}attn_{part}_norm.weight", width // heads)
        else:
            for name, fast, slow in (("conv", 3, width), ("in_proj", width, 3 * width), ("out_proj", width, width)):
                model.matrix(f"{block}shortconv.{name}.weight", fast, slow, kind=FLOAT32)
    return model


def gemma2(tokenizer, *, width, layers, heads, kv_heads, feed, context, window):
    """Every second layer sees only a window: src/models/gemma2.cpp."""
    model = _small("gemma2", tokenizer, {
        "block_count": layers, "context_length": context, "embedding_length": width, "feed_forward_length": feed,
        "attention.head_count": heads, "attention.head_count_kv": kv_heads, "attention.sliding_window": window})
    model.vector("output_norm.weight", width)
    for i in range(layers):
        block = f"blk.{i}."
        for name in ("attn_norm", "post_attention_norm", "post_ffw_norm"):
            model.vector(f"{block}{name}.weight", width)
        _attention(model, block, width, width // heads * kv_heads)
        _feed(model, block, width, feed)
    return model


def bert(tokenizer, *, width, layers, heads, feed, context, pooling=MEAN, ranks=False, classes=1, spread=0.02):
    """An encoder like the one of sentence-transformers; `ranks`: with a head that gives scores, like BGE's rerankers."""
    model = RandomModel("bert", spread)
    model.add("general.name", STRING, "random")
    for key, value in (("block_count", layers), ("context_length", context), ("embedding_length", width),
                       ("feed_forward_length", feed), ("attention.head_count", heads), ("pooling_type", RANK if ranks else pooling)):
        model.add(f"bert.{key}", UINT32, value)
    model.add("bert.attention.layer_norm_epsilon", FP32, 1e-12)
    model.add("bert.attention.causal", BOOL, False)
    model.copy_keys(tokenizer, "tokenizer.")
    model.matrix("token_embd.weight", width, 30522)
    model.matrix("position_embd.weight", width, context, kind=FLOAT32)
    model.matrix("token_types.weight", width, 2, kind=FLOAT32)
    for part in ("weight", "bias"):
        model.vector(f"token_embd_norm.{part}", width)
    for i in range(layers):
        block = f"blk.{i}."
        for name, fast, slow in (("attn_q", width, width), ("attn_k", width, width), ("attn_v", width, width),
                                 ("attn_output", width, width), ("ffn_up", width, feed), ("ffn_down", feed, width)):
            model.matrix(f"{block}{name}.weight", fast, slow)
            model.vector(f"{block}{name}.bias", slow)
        for name in ("attn_output_norm", "layer_output_norm"):
            for part in ("weight", "bias"):
                model.vector(f"{block}{name}.{part}", width)
    if ranks:
        model.matrix("cls.weight", width, width)
        model.vector("cls.bias", width)
        model.matrix("cls.output.weight", width, classes)
        model.vector("cls.output.bias", classes)
    return model


def qwen3_reranker(tokenizer, template, *, width, layers, heads, kv_heads, feed, context, spread=0.02):
    """A decoder that answers "yes" or "no", like Qwen3-Reranker; `template` has {query} and {document}."""
    model = RandomModel("qwen3", spread)
    model.add("general.name", STRING, "random")
    size = width // heads
    for key, value in (("block_count", layers), ("context_length", context), ("embedding_length", width),
                       ("feed_forward_length", feed), ("attention.head_count", heads),
                       ("attention.head_count_kv", kv_heads), ("attention.key_length", size),
                       ("attention.value_length", size), ("pooling_type", RANK)):
        model.add(f"qwen3.{key}", UINT32, value)
    model.add("qwen3.attention.layer_norm_rms_epsilon", FP32, 1e-6)
    model.add_list("qwen3.classifier.output_labels", STRING, ["yes", "no"])
    model.copy_keys(tokenizer, "tokenizer.")
    model.add("tokenizer.chat_template.rerank", STRING, template)
    model.matrix("token_embd.weight", width, 49152)
    model.vector("output_norm.weight", width)
    for i in range(layers):
        block = f"blk.{i}."
        model.vector(block + "attn_norm.weight", width)
        model.vector(block + "ffn_norm.weight", width)
        for name, fast, slow in (("attn_q", width, width), ("attn_k", width, size * kv_heads),
                                 ("attn_v", width, size * kv_heads), ("attn_output", width, width),
                                 ("ffn_gate", width, feed), ("ffn_up", width, feed), ("ffn_down", feed, width)):
            model.matrix(f"{block}{name}.weight", fast, slow)
        for name in ("attn_q_norm", "attn_k_norm"):
            model.vector(f"{block}{name}.weight", size)
    model.matrix("cls.output.weight", width, 2)
    return model
