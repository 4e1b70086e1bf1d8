// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gguf/adapter_writer.h"

#include <bit>
#include <random>

namespace tramontane::test {

namespace {

constexpr std::uint64_t kRank = 4;
constexpr float kAlpha = 8;
constexpr float kLargest = 0.15F; // of a weight; much more, and the model stammers

std::string randomFloats(std::uint64_t count, std::mt19937 &random)
{
    std::string bytes;
    bytes.reserve(4 * count);
    // Not std::uniform_real_distribution: its values differ between libraries.
    for (std::uint64_t i = 0; i < count; ++i) {
        const float unit = static_cast<float>(random() >> 8) / static_cast<float>(1 << 24);
        bytes += little(std::bit_cast<std::uint32_t>((2 * unit - 1) * kLargest));
    }
    return bytes;
}

} // namespace

GgufWriter adapterKeys(const std::string &name, const std::string &architecture)
{
    GgufWriter adapter;
    adapter.text("general.type", "adapter").text("adapter.type", "lora");
    adapter.text("general.architecture", architecture).text("general.name", name);
    adapter.raw("adapter.lora.alpha", 6, little(std::bit_cast<std::uint32_t>(kAlpha)));
    return adapter;
}

GgufWriter loraAdapter(std::uint32_t seed, const AdapterBase &base)
{
    GgufWriter adapter = adapterKeys("Random " + std::to_string(seed), base.architecture);
    std::mt19937 random(seed);
    const auto add = [&](const std::string &name, std::uint64_t in, std::uint64_t out) {
        adapter.tensor({name + ".lora_a", {in, kRank}, 0, -1, -1, randomFloats(in * kRank, random)});
        adapter.tensor({name + ".lora_b", {kRank, out}, 0, -1, -1, randomFloats(kRank * out, random)});
    };
    for (int i = 0; i < base.layers; ++i) {
        const std::string block = "blk." + std::to_string(i) + ".";
        add(block + "attn_output.weight", base.embedding, base.embedding);
        add(block + "ffn_down.weight", base.feedForward, base.embedding);
    }
    return adapter;
}

} // namespace tramontane::test
