// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gguf/gguf_writer.h"

namespace tramontane::test {

namespace {

std::uint64_t dataBytes(const GgufWriter::Tensor &tensor)
{
    if (tensor.bytes >= 0)
        return static_cast<std::uint64_t>(tensor.bytes);
    std::uint64_t elements = 1;
    for (const std::uint64_t size : tensor.sizes)
        elements *= size;
    return 4 * elements;
}

std::uint64_t padded(std::uint64_t bytes, std::uint64_t alignment)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace

std::string ggufText(std::string_view text)
{
    return little<std::uint64_t>(text.size()) + std::string(text);
}

GgufWriter &GgufWriter::raw(std::string_view key, std::uint32_t type, std::string value)
{
    m_pairs.push_back(ggufText(key) + little(type) + std::move(value));
    return *this;
}

GgufWriter &GgufWriter::array(std::string_view key, std::uint32_t type, std::uint64_t count, const std::string &bytes)
{
    return raw(key, 9, little(type) + little(count) + bytes);
}

GgufWriter &GgufWriter::texts(std::string_view key, const std::vector<std::string> &values)
{
    std::string bytes;
    for (const std::string &value : values)
        bytes += ggufText(value);
    return array(key, 8, values.size(), bytes);
}

GgufWriter &GgufWriter::tensor(Tensor tensor)
{
    m_tensors.push_back(std::move(tensor));
    return *this;
}

std::string GgufWriter::header() const
{
    std::string out = magic + little(version);
    out += little<std::uint64_t>(tensorCount < 0 ? m_tensors.size() : static_cast<std::uint64_t>(tensorCount));
    out += little<std::uint64_t>(keyCount < 0 ? m_pairs.size() : static_cast<std::uint64_t>(keyCount));
    for (const std::string &pair : m_pairs)
        out += pair;
    std::uint64_t offset = 0;
    for (const Tensor &tensor : m_tensors) {
        out += ggufText(tensor.name);
        out += little<std::uint32_t>(static_cast<std::uint32_t>(
            dimensionCount < 0 ? tensor.sizes.size() : static_cast<std::size_t>(dimensionCount)));
        for (const std::uint64_t size : tensor.sizes)
            out += little(size);
        out += little(tensor.type);
        out += little<std::uint64_t>(tensor.offset < 0 ? offset : static_cast<std::uint64_t>(tensor.offset));
        offset += padded(dataBytes(tensor), alignment);
    }
    return out;
}

std::string GgufWriter::bytes() const
{
    std::string out = header();
    out.resize(padded(out.size(), alignment), '\0');
    for (const Tensor &tensor : m_tensors) {
        out += tensor.content;
        out.append(padded(dataBytes(tensor), alignment) - tensor.content.size(), '\x3C');
    }
    return out;
}

GgufWriter soundModel()
{
    GgufWriter model;
    model.text("general.architecture", "llama").text("general.name", "Tiny").u32("general.file_type", 0);
    model.u32("llama.block_count", 2).u32("llama.context_length", 64).u32("llama.embedding_length", 8);
    model.u32("llama.attention.head_count", 4).u32("llama.attention.head_count_kv", 2);
    model.texts("tokenizer.ggml.tokens", {"<s>", "a", "b"});
    model.array("tokenizer.ggml.token_type", 5, 3, little(3) + little(1) + little(1));
    model.tensor({"token_embd.weight", {8, 3}}).tensor({"output.weight", {8, 3}}).tensor({"output_norm.weight", {8}});
    return model;
}

} // namespace tramontane::test
