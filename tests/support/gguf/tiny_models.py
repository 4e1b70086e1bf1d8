#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small models with random weights whose memory cannot be cut: what the real ones are, no index offers.

tiny_models.py TOKENIZER FOLDER: writes mamba.gguf, lfm2.gguf and gemma2.gguf with the tokenizer of a real model.
"""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

import random_model  # noqa: E402

random_model.BLOCK = 1_000_003  # prime: no two words are alike
SHAPE = {"width": 64, "layers": 4, "context": 8192}
ATTENTION = {"heads": 4, "kv_heads": 2, "feed": 128}


def main(tokenizer, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make, more in (("mamba", random_model.mamba, {}), ("lfm2", random_model.lfm2, ATTENTION),
                             ("gemma2", random_model.gemma2, {**ATTENTION, "window": 16})):
        path = folder / f"{name}.gguf"
        if not path.exists() or path.stat().st_mtime < newest_source():
            make(tokenizer, **SHAPE, **more).write(path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)


def newest_source():
    return max(pathlib.Path(file).stat().st_mtime for file in (__file__, random_model.__file__))


if __name__ == "__main__":
    main(*sys.argv[1:])
