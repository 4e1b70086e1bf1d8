# SPDX-License-Identifier: Apache-2.0
"""random_projector.py KIND WIDTH FILE: a tiny projector with random weights, for tests.

KIND: mlp       like LLaVA's: 16 cells for any image
      tiles     the same, but an image is cut into tiles, each with 16 cells
      idefics3  like SmolVLM's: words of its own around each tile
WIDTH: numbers in an embedding of the model that it is for. What it makes is nonsense, and different for different images.
Keys and tensor names: tools/mtmd/clip-impl.h of llama.cpp. Standard library only.
"""
import array
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "packaging" / "models"))

from gguf_file import BOOL, FP32, INT32, STRING, UINT32, GgufWriter  # noqa: E402

SIDE, PATCH, INNER, FEED, HEADS, LAYERS = 32, 8, 32, 64, 2, 2
PATCHES = (SIDE // PATCH) ** 2


class Projector(GgufWriter):
    def __init__(self, kind):
        super().__init__("clip")
        self._dice = random.Random(11)
        self.add("general.name", STRING, f"random {kind}")
        self.add("clip.projector_type", STRING, "mlp" if kind == "tiles" else kind)
        self.add("clip.has_vision_encoder", BOOL, True)
        self.add("clip.use_gelu", BOOL, True)
        for key, value in (("image_size", SIDE), ("patch_size", PATCH), ("embedding_length", INNER),
                           ("feed_forward_length", FEED), ("projection_dim", INNER), ("attention.head_count", HEADS),
                           ("block_count", LAYERS)):
            self.add(f"clip.vision.{key}", UINT32, value)
        self.add("clip.vision.attention.layer_norm_epsilon", FP32, 1e-5)
        self.add_list("clip.vision.image_mean", FP32, [0.5, 0.5, 0.5])
        self.add_list("clip.vision.image_std", FP32, [0.5, 0.5, 0.5])

    def matrix(self, name, *shape):
        """`shape`: the slowest dimension first; the spread keeps what goes in and what comes out alike."""
        count, inputs = 1, 1
        for length in shape:
            count *= length
        for length in shape[1:]:
            inputs *= length
        self.add_tensor(name, list(shape), array.array("f", (self._dice.gauss(0, inputs ** -0.5) for _ in range(count))),
                        False)

    def vector(self, name, length, value):
        self.add_tensor(name, [length], array.array("f", [value] * length), False)

    def norm(self, name):
        self.vector(name + ".weight", INNER, 1.0)
        self.vector(name + ".bias", INNER, 0.0)

    def encoder(self):
        self.matrix("v.patch_embd.weight", INNER, 3, PATCH, PATCH)
        self.matrix("v.position_embd.weight", PATCHES, INNER)
        self.norm("v.post_ln")
        for i in range(LAYERS):
            block = f"v.blk.{i}."
            self.norm(block + "ln1")
            self.norm(block + "ln2")
            for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
                self.matrix(block + part + ".weight", INNER, INNER)
                self.vector(block + part + ".bias", INNER, 0.0)
            self.matrix(block + "ffn_up.weight", FEED, INNER)
            self.vector(block + "ffn_up.bias", FEED, 0.0)
            self.matrix(block + "ffn_down.weight", INNER, FEED)
            self.vector(block + "ffn_down.bias", INNER, 0.0)


def projector(kind, width):
    made = Projector(kind)
    if kind == "tiles":
        made.add("clip.vision.mm_patch_merge_type", STRING, "flat")
        made.add_list("clip.vision.image_grid_pinpoints", INT32, [SIDE, 2 * SIDE, 2 * SIDE, SIDE, 2 * SIDE, 2 * SIDE])
    made.encoder()
    if kind == "idefics3":
        made.add("clip.vision.projector.scale_factor", UINT32, 2)
        made.add("clip.vision.preproc_image_size", UINT32, 4 * SIDE)
        made.matrix("mm.model.fc.weight", width, 4 * INNER)
    else:
        made.matrix("mm.0.weight", width, INNER)
        made.vector("mm.0.bias", width, 0.0)
        made.matrix("mm.2.weight", width, width)
        made.vector("mm.2.bias", width, 0.0)
    return made


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("mlp", "tiles", "idefics3"):
        sys.exit(__doc__)
    with open(sys.argv[3], "wb") as out:
        projector(sys.argv[1], int(sys.argv[2])).write(out)
