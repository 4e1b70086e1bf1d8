#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tiny rerankers with random weights: what they prefer is nonsense, but it must be what llama.cpp's own tools say.

usage: rerankers.py MODELS TARGET

MODELS: the folder with the real models, whose tokenizers are taken. Written: bert.gguf (an encoder with a head),
qwen3.gguf (a decoder with a template of its own), classes.gguf (a head for three classes, which is no score),
vectors.gguf (an encoder that does not say how it pools).
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "bench"))

from random_model import STRING, bert, qwen3_reranker  # noqa: E402

TEMPLATE = ("<|im_start|>system\nJudge whether the document meets the query.<|im_end|>\n<|im_start|>user\n"
            "<Query>: {query}\n<Document>: {document}<|im_end|>\n<|im_start|>assistant\n")
SPREAD = 0.2  # so much that a score depends on every word


def encoder(models, **how):
    return bert(models / "all-MiniLM-L6-v2.gguf", width=64, layers=2, heads=4, feed=128, context=256, spread=SPREAD, **how)


def main():
    models, target = map(pathlib.Path, sys.argv[1:])
    target.mkdir(parents=True, exist_ok=True)
    encoder(models, ranks=True).write(target / "bert.gguf")
    classes = encoder(models, ranks=True, classes=3)
    classes.add_list("bert.classifier.output_labels", STRING, ["good", "bad", "ugly"])
    classes.write(target / "classes.gguf")
    encoder(models, pooling=0).write(target / "vectors.gguf")
    qwen3_reranker(models / "SmolLM2-135M-Instruct.Q4_1.gguf", TEMPLATE, width=64, layers=2, heads=4, kv_heads=2, feed=128,
                   context=512, spread=SPREAD).write(target / "qwen3.gguf")


if __name__ == "__main__":
    main()
