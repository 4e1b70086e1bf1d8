// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/gguf_values.h"

#include "inference/engine/llama_handles.h"
#include "inference/engine/utf8_stream.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace tramontane::engine {

namespace {

constexpr std::size_t kLongestText = 200; // names are shown in lists

std::string readText(const gguf_context *gguf, const std::string &key)
{
    const auto id = gguf_find_key(gguf, key.c_str());
    if (id < 0 || gguf_get_kv_type(gguf, id) != GGUF_TYPE_STRING)
        return {};
    const std::string raw = std::string(gguf_get_val_str(gguf, id)).substr(0, kLongestText);
    Utf8Stream utf8;
    std::string text = utf8.push(raw);
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return text;
}

std::optional<std::uint64_t> readNumber(const gguf_context *gguf, const std::string &key)
{
    const auto id = gguf_find_key(gguf, key.c_str());
    if (id < 0)
        return std::nullopt;
    switch (gguf_get_kv_type(gguf, id)) {
    case GGUF_TYPE_UINT32: return gguf_get_val_u32(gguf, id);
    case GGUF_TYPE_INT32: return std::max(0, gguf_get_val_i32(gguf, id));
    case GGUF_TYPE_UINT64: return gguf_get_val_u64(gguf, id);
    default: return std::nullopt;
    }
}

int readInt(const gguf_context *gguf, const std::string &key)
{
    const auto value = readNumber(gguf, key).value_or(0);
    return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
}

bool hasText(const gguf_context *gguf, const char *key)
{
    const auto id = gguf_find_key(gguf, key);
    return id >= 0 && gguf_get_kv_type(gguf, id) == GGUF_TYPE_STRING;
}

/// Models that pool, or that look both ways, give vectors instead of text.
ModelKind readKind(const gguf_context *gguf, const std::string &architecture)
{
    const auto causal = gguf_find_key(gguf, (architecture + ".attention.causal").c_str());
    const bool bothWays =
        causal >= 0 && gguf_get_kv_type(gguf, causal) == GGUF_TYPE_BOOL && !gguf_get_val_bool(gguf, causal);
    const bool pools = readNumber(gguf, architecture + ".pooling_type").value_or(0) != 0;
    return bothWays || pools ? ModelKind::Embedding : ModelKind::Chat;
}

/// "Q4_K - Medium" as people write it: "Q4_K_M".
std::string shortName(std::string name)
{
    for (const auto &[longer, shorter] : {std::pair{" - Small", "_S"}, {" - Medium", "_M"}, {" - Large", "_L"}}) {
        if (const auto at = name.find(longer); at != std::string::npos)
            name.replace(at, std::string::npos, shorter);
    }
    if (name.starts_with("all "))
        name.erase(0, 4);
    return name.substr(0, name.find(' '));
}

/// What the file calls its quantisation; empty if it says nothing that llama.cpp knows.
std::string namedQuantisation(const gguf_context *gguf)
{
    const auto type = readNumber(gguf, "general.file_type");
    if (!type || *type >= LLAMA_FTYPE_GUESSED)
        return {};
    const std::string name = llama_ftype_name(static_cast<llama_ftype>(*type));
    return name.starts_with("unknown") ? std::string() : shortName(name);
}

/// The type that most of the weights have.
std::string mainType(const gguf_context *gguf)
{
    std::array<std::uint64_t, GGML_TYPE_COUNT> bytes{};
    for (std::int64_t i = 0; i < gguf_get_n_tensors(gguf); ++i) {
        const auto type = static_cast<std::size_t>(gguf_get_tensor_type(gguf, i));
        if (type < bytes.size())
            bytes[type] += gguf_get_tensor_size(gguf, i);
    }
    const auto most = std::max_element(bytes.begin(), bytes.end()) - bytes.begin();
    std::string name = ggml_type_name(static_cast<ggml_type>(most));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return name;
}

std::int64_t countParameters(const gguf_context *gguf)
{
    std::int64_t total = 0;
    for (std::int64_t i = 0; i < gguf_get_n_tensors(gguf); ++i) {
        const std::int64_t *sizes = gguf_get_tensor_ne(gguf, i);
        total += sizes[0] * sizes[1] * sizes[2] * sizes[3];
    }
    return total;
}

int countVocabulary(const gguf_context *gguf)
{
    const auto id = gguf_find_key(gguf, "tokenizer.ggml.tokens");
    if (id < 0 || gguf_get_kv_type(gguf, id) != GGUF_TYPE_ARRAY)
        return 0;
    return static_cast<int>(std::min<std::size_t>(gguf_get_arr_n(gguf, id), std::numeric_limits<int>::max()));
}

} // namespace

ModelDescription describeGguf(const gguf_context *gguf)
{
    ModelDescription model;
    model.architecture = readText(gguf, "general.architecture");
    model.name = readText(gguf, "general.name");
    model.licence = readText(gguf, "general.license");
    model.quantisation = namedQuantisation(gguf);
    if (model.quantisation.empty())
        model.quantisation = mainType(gguf);
    model.kind = readKind(gguf, model.architecture);
    model.parameters = countParameters(gguf);
    model.contextLength = readInt(gguf, model.architecture + ".context_length");
    model.layers = readInt(gguf, model.architecture + ".block_count");
    model.embeddingLength = readInt(gguf, model.architecture + ".embedding_length");
    model.vocabulary = countVocabulary(gguf);
    model.hasTemplate = hasText(gguf, "tokenizer.chat_template");
    return model;
}

int countGgufFiles(const gguf_context *gguf)
{
    return std::max(1, readInt(gguf, "split.count"));
}

} // namespace tramontane::engine
