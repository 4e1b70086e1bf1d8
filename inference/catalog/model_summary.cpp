// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/model_summary.h"

#include "app/core/digest.h"
#include "inference/catalog/architectures.h"
#include "inference/catalog/plain_text.h"
#include "inference/catalog/projector.h"

#include <algorithm>
#include <limits>
#include <map>

namespace tramontane::catalog {

namespace {

constexpr const char *kTemplate = "tokenizer.chat_template";

int smallNumber(const GgufFile &file, const std::string &key)
{
    const auto value = file.number(key).value_or(0);
    return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
}

/// Of a number, or the largest of a list with one number for each layer.
int largestNumber(const GgufFile &file, const std::string &key)
{
    const ArrayValue *array = file.array(key);
    if (array == nullptr || array->integers.empty())
        return smallNumber(file, key);
    const std::int64_t most = *std::max_element(array->integers.begin(), array->integers.end());
    return static_cast<int>(std::clamp<std::int64_t>(most, 0, std::numeric_limits<int>::max()));
}

/// The type that most bytes of the weights have.
std::string mainType(const std::vector<GgufFile> &parts)
{
    std::map<std::string_view, std::uint64_t> bytes;
    for (const GgufFile &part : parts) {
        for (const TensorEntry &tensor : part.tensors)
            bytes[tensor.type.name] += tensor.bytes; // each file holds its tensors, so the sum stays below 2^63
    }
    const auto most =
        std::max_element(bytes.begin(), bytes.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
    return most == bytes.end() ? std::string() : std::string(most->first);
}

std::int64_t countParameters(const std::vector<GgufFile> &parts)
{
    std::int64_t total = 0;
    for (const GgufFile &part : parts) {
        for (const TensorEntry &tensor : part.tensors)
            total += static_cast<std::int64_t>(tensor.elements);
    }
    return total;
}

/// llama_pooling_type.
std::string poolingName(const GgufFile &file, const std::string &architecture)
{
    switch (file.number(architecture + ".pooling_type").value_or(0)) {
    case 1: return "mean";
    case 2: return "cls";
    case 3: return "last";
    case 4: return "rank";
    default: return "none";
    }
}

bool hasTensor(const std::vector<GgufFile> &parts, std::string_view name)
{
    return std::any_of(parts.begin(), parts.end(), [=](const GgufFile &part) {
        return std::any_of(part.tensors.begin(), part.tensors.end(), [=](const auto &t) { return t.name == name; });
    });
}

/// A model with a head that gives scores ranks, also where an old file does not say how it pools. Others that pool, or
/// that look both ways, give vectors instead of text.
ModelKind kindOf(const std::vector<GgufFile> &parts, const std::string &architecture, const std::string &pooling)
{
    const bool head = hasTensor(parts, "cls.output.weight") || (pooling == "none" && hasTensor(parts, "cls.weight"));
    if (pooling == "rank" || head)
        return ModelKind::Reranker;
    const GgufFile &file = parts.front();
    const bool bothWays = !file.flag(architecture + ".attention.causal").value_or(true);
    return bothWays || pooling != "none" ? ModelKind::Embedding : ModelKind::Chat;
}

std::string memoryName(MemoryKind kind)
{
    switch (kind) {
    case MemoryKind::Recurrent: return "recurrent";
    case MemoryKind::Hybrid: return "hybrid";
    case MemoryKind::Diffusion: return "diffusion";
    case MemoryKind::Projector: return "none";
    default: return "attention";
    }
}

/// What the keys of a file begin with that are about its layers.
std::string keysOf(const GgufFile &file)
{
    return isProjector(file) ? "clip.vision" : file.architecture();
}

ModelFacts factsOf(const std::vector<GgufFile> &parts, const std::string &architecture)
{
    const GgufFile &file = parts.front();
    ModelFacts facts;
    facts.files = static_cast<int>(parts.size());
    facts.ggufVersion = static_cast<int>(file.version);
    facts.tensors = 0;
    for (const GgufFile &part : parts)
        facts.tensors += static_cast<int>(part.tensors.size());
    facts.weightType = mainType(parts);
    facts.baseName = plainText(file.text("general.basename"));
    facts.tokenizer = plainText(file.text("tokenizer.ggml.model"));
    facts.tokenizerVariant = plainText(file.text("tokenizer.ggml.pre"));
    facts.heads = largestNumber(file, architecture + ".attention.head_count");
    facts.kvHeads = largestNumber(file, architecture + ".attention.head_count_kv");
    if (facts.kvHeads == 0)
        facts.kvHeads = facts.heads;
    facts.experts = smallNumber(file, architecture + ".expert_count");
    facts.expertsUsed = smallNumber(file, architecture + ".expert_used_count");
    facts.pooling = poolingName(file, architecture);
    facts.slidingWindow = largestNumber(file, architecture + ".attention.sliding_window");
    facts.memory = memoryName(memoryKind(file.architecture()).value_or(MemoryKind::Attention));
    facts.memoryCanBeCut = facts.memory == "attention" && facts.slidingWindow == 0;
    if (isProjector(file))
        facts.projector = projectorType(file);
    if (const auto text = file.text(kTemplate); !text.empty())
        facts.templateSha256 = toHex(sha256(text));
    return facts;
}

} // namespace

ModelDescription summarise(const std::vector<GgufFile> &parts)
{
    const GgufFile &file = parts.front();
    const std::string architecture = keysOf(file);
    ModelDescription model;
    model.architecture = file.architecture();
    model.name = plainText(file.text("general.name"));
    model.licence = plainText(file.text("general.license"));
    model.facts = factsOf(parts, architecture);
    const auto fileType = file.number("general.file_type");
    model.quantisation = fileType ? std::string(fileTypeName(*fileType)) : std::string();
    if (model.quantisation.empty())
        model.quantisation = model.facts->weightType;
    model.kind = kindOf(parts, architecture, model.facts->pooling);
    if (model.kind == ModelKind::Reranker)
        model.facts->pooling = "rank";
    for (const GgufFile &part : parts)
        model.fileBytes += static_cast<std::int64_t>(part.fileBytes);
    model.parameters = countParameters(parts);
    model.contextLength = smallNumber(file, architecture + ".context_length");
    model.layers = smallNumber(file, architecture + ".block_count");
    model.embeddingLength = smallNumber(file, architecture + ".embedding_length");
    const ArrayValue *tokens = file.array("tokenizer.ggml.tokens");
    model.vocabulary =
        tokens == nullptr ? smallNumber(file, architecture + ".vocab_size") : static_cast<int>(tokens->count);
    model.hasTemplate = !file.text(kTemplate).empty();
    if (isProjector(file)) {
        model.kind = ModelKind::Projector;
        model.embeddingLength = projectorWidth(file);
    }
    return model;
}

} // namespace tramontane::catalog
