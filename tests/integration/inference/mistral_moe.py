#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A tiny mixture-of-experts model as Mixtral is one, with random weights and Mistral's real tokenizer: it loads, its
prompt is what mistral-common makes of it, and it answers.

usage: mistral_moe.py BIN WHEEL PROMPTS FOLDER
"""
import array
import json
import pathlib
import random
import sys
import zipfile

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "bench"), str(TESTS / "support/mistral")]
import tokenizers  # noqa: E402
from gguf_file import FP32, STRING, UINT32  # noqa: E402
from worker import Worker  # noqa: E402

LAYERS, WIDTH, HEADS, KV_HEADS, EXPERTS, USED, FEED = 2, 64, 4, 2, 4, 2, 96
# As Mixtral-8x22B-Instruct's, white space apart.
TEMPLATE = """{%- if messages[0].role == 'system' %}{%- set s = messages[0].content %}{%- set rest = messages[1:] %}
{%- else %}{%- set rest = messages %}{%- endif %}{{- bos_token }}{%- for m in rest %}{%- if m.role == 'user' %}
{{- '[INST] ' }}{%- if loop.last and s is defined %}{{- s + '\\n\\n' }}{%- endif %}{{- m.content + '[/INST]' }}
{%- else %}{{- ' ' + m.content + eos_token }}{%- endif %}{%- endfor %}{#- call_id [TOOL_RESULTS] #}"""


def write(wheel, target):
    dice = random.Random(7)
    with zipfile.ZipFile(wheel) as package:
        pieces = package.read(f"mistral_common/data/{tokenizers.SPM['v3']}")
    vocabulary = sum(1 for _ in tokenizers.sentencepiece(pieces))
    writer = tokenizers.begin("llama", "MoE for tests")
    tokenizers.add_spm(writer, pieces)
    writer.add("tokenizer.chat_template", STRING, TEMPLATE)
    for key, value in {"block_count": LAYERS, "context_length": 512, "embedding_length": WIDTH, "vocab_size": vocabulary,
                       "feed_forward_length": FEED, "attention.head_count": HEADS, "attention.head_count_kv": KV_HEADS,
                       "expert_count": EXPERTS, "expert_used_count": USED,
                       "rope.dimension_count": WIDTH // HEADS}.items():
        writer.add(f"llama.{key}", UINT32, value)
    writer.add("llama.attention.layer_norm_rms_epsilon", FP32, 1e-5)

    def matrix(name, *shape):
        count = 1
        for size in shape:
            count *= size
        half = count > 100_000
        writer.add_tensor(name, shape, array.array("f", (dice.gauss(0, 0.08) for _ in range(count))), half)

    def ones(name):
        writer.add_tensor(name, [WIDTH], array.array("f", [1.0] * WIDTH), False)

    matrix("token_embd.weight", vocabulary, WIDTH)
    matrix("output.weight", vocabulary, WIDTH)
    ones("output_norm.weight")
    key_width = WIDTH // HEADS * KV_HEADS
    for layer in range(LAYERS):
        head = f"blk.{layer}."
        ones(head + "attn_norm.weight")
        ones(head + "ffn_norm.weight")
        matrix(head + "attn_q.weight", WIDTH, WIDTH)
        matrix(head + "attn_k.weight", key_width, WIDTH)
        matrix(head + "attn_v.weight", key_width, WIDTH)
        matrix(head + "attn_output.weight", WIDTH, WIDTH)
        matrix(head + "ffn_gate_inp.weight", EXPERTS, WIDTH)
        matrix(head + "ffn_gate_exps.weight", EXPERTS, FEED, WIDTH)
        matrix(head + "ffn_up_exps.weight", EXPERTS, FEED, WIDTH)
        matrix(head + "ffn_down_exps.weight", EXPERTS, WIDTH, FEED)
    with open(target, "wb") as out:
        writer.write(out)


def main(bin_folder, wheel, prompts, folder):
    model = pathlib.Path(folder).resolve() / "mistral-moe.gguf"
    model.parent.mkdir(parents=True, exist_ok=True)
    write(wheel, model)
    options = {"contextTokens": 256, "threads": 2, "batchTokens": 128, "ubatchTokens": 64, "flashAttention": "on"}
    worker = Worker(pathlib.Path(bin_folder) / "tramontane-engine", model, options)
    oracle = json.loads(pathlib.Path(prompts).read_text())
    turns = [(turn["role"], turn["text"]) for turn in oracle["conversations"]["golden"]["turns"]]
    golden = next(case["ids"] for case in oracle["tokenizers"]["v3"]["cases"] if case["conversation"] == "golden")
    first, done = worker.ask(turns, 16)
    again, _ = worker.ask(turns, 16)
    worker.close()
    assert done["promptTokenIds"] == golden, (done["promptTokenIds"], golden)
    assert done["usage"]["answerTokens"] > 0, done
    assert first == again, "the same question has two answers"
    print(f"{worker.loaded['description']['architecture']}, {EXPERTS} experts, {USED} used: "
          f"{done['usage']['answerTokens']} tokens, prompt as mistral-common")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
