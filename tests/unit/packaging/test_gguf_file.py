# SPDX-License-Identifier: Apache-2.0
"""The GGUF writer, byte by byte, and the safetensors reader. That llama.cpp loads the result is tested with the engine."""
import array
import io
import json
import pathlib
import struct
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "packaging/models"))
import gguf_file  # noqa: E402


class Gguf(unittest.TestCase):
    def test_layout(self):
        writer = gguf_file.GgufWriter("bert")
        writer.add("a.b", gguf_file.UINT32, 7)
        writer.add_list("c", gguf_file.STRING, ["x", "\u2581y"])
        writer.add_tensor("t", [2, 3], array.array("f", [1, -2, 0.5, 65504, 0, 3]), half=True)
        writer.add_tensor("u", [1], array.array("f", [1.25]), half=False)
        out = io.BytesIO()
        writer.write(out)
        data = out.getvalue()
        self.assertEqual((b"GGUF", 3, 2, 3), struct.unpack_from("<4sIQQ", data))
        self.assertIn(struct.pack("<Q", 3) + b"a.b" + struct.pack("<II", 4, 7), data)
        self.assertIn(struct.pack("<Q", 1) + b"c" + struct.pack("<IIQQ", 9, 8, 2, 1) + b"x" + struct.pack("<Q", 4), data)
        # fastest dimension first, then type and offset
        self.assertIn(b"t" + struct.pack("<IQQIQ", 2, 3, 2, gguf_file.FLOAT16, 0), data)
        self.assertIn(b"u" + struct.pack("<IQIQ", 1, 1, gguf_file.FLOAT32, 32), data)
        self.assertEqual(0, len(data) % 32)
        self.assertEqual((1, -2, 0.5, 65504, 0, 3), struct.unpack_from("<6e", data, len(data) - 64))
        self.assertEqual((1.25,), struct.unpack_from("<f", data, len(data) - 32))

    def test_a_number_that_half_precision_cannot_hold_is_an_error(self):
        with self.assertRaises(OverflowError):
            gguf_file.GgufWriter("bert").add_tensor("t", [1], array.array("f", [1e6]), half=True)

    def test_safetensors(self):
        header = json.dumps({"__metadata__": {"format": "pt"},
                             "w": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]},
                             "i": {"dtype": "I64", "shape": [1], "data_offsets": [0, 4]}}).encode()
        data = struct.pack("<Q", len(header)) + header + b"skip" + struct.pack("<2f", 1.5, -2)
        tensors = gguf_file.Safetensors(data)
        self.assertEqual([2], tensors.shape("w"))
        self.assertEqual([1.5, -2], list(tensors.floats("w")))
        with self.assertRaisesRegex(ValueError, "only F32"):
            tensors.floats("i")


if __name__ == "__main__":
    unittest.main()
