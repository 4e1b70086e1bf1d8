// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/gguf/gguf_writer.h"

#include <cstdint>
#include <string>

namespace tramontane::test {

/// The sizes that an adapter must fit; the values are those of SmolLM2-135M, the tests' chat model.
struct AdapterBase {
    std::string architecture = "llama";
    int layers = 30;
    std::uint64_t embedding = 576;
    std::uint64_t feedForward = 1536;
};

/// A LoRA adapter of rank 4 with random weights, strong enough to change what a model says; another seed is another
/// adapter. Of the llama layout: attn_output and ffn_down of every layer.
[[nodiscard]] GgufWriter loraAdapter(std::uint32_t seed, const AdapterBase &base = {});
/// Only the keys, for tests that add tensors of their own.
[[nodiscard]] GgufWriter adapterKeys(const std::string &name, const std::string &architecture = "llama");

} // namespace tramontane::test
