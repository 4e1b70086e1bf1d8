# SPDX-License-Identifier: Apache-2.0
"""The system's libzstd, by its simple functions (zstd.h): the standard library of Python 3.11 has none."""
import ctypes

_lib = ctypes.CDLL("libzstd.so.1")
for _name in ("ZSTD_compressBound", "ZSTD_compress", "ZSTD_decompress"):
    getattr(_lib, _name).restype = ctypes.c_size_t
_lib.ZSTD_isError.restype = ctypes.c_uint
_lib.ZSTD_compressBound.argtypes = _lib.ZSTD_isError.argtypes = [ctypes.c_size_t]
_lib.ZSTD_compress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
_lib.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]


def compress(data, level):
    room = _lib.ZSTD_compressBound(len(data))
    out = ctypes.create_string_buffer(room)
    size = _checked(_lib.ZSTD_compress(out, room, data, len(data), level))
    return ctypes.string_at(out, size)


def decompress(data, size):
    out = ctypes.create_string_buffer(size)
    if _checked(_lib.ZSTD_decompress(out, size, data, len(data))) != size:
        raise ValueError("another size than was stored")
    return out.raw


def _checked(size):
    if _lib.ZSTD_isError(size):
        raise ValueError("zstd refused the data")
    return size
