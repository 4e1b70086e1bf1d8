// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/adapter_checks.h"

#include "inference/catalog/architectures.h"
#include "inference/catalog/model_errors.h"
#include "inference/catalog/plain_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string_view>

namespace tramontane::catalog {

namespace {

constexpr std::string_view kEndA = ".lora_a";
constexpr std::string_view kEndB = ".lora_b";
constexpr std::string_view kEndNorm = "_norm.weight";
constexpr std::string_view kTokens = "token_embd.weight";
constexpr const char *kAlpha = "adapter.lora.alpha";
constexpr const char *kInvocation = "adapter.alora.invocation_tokens";
/// What convert_lora_to_gguf.py writes, and a product of matrices takes on every device.
constexpr std::array<std::string_view, 4> kTypes{"F32", "F16", "BF16", "Q8_0"};
constexpr std::uint64_t kLargestRank = 1 << 16;

struct Pair {
    const TensorEntry *a = nullptr;
    const TensorEntry *b = nullptr;
};
using Pairs = std::map<std::string_view, Pair>;

Error doesNotFit(std::string detail)
{
    return {ErrorCode::ModelUnsupported,
            "The adapter does not belong to this model. Choose an adapter that was made for it.", std::move(detail)};
}

Error notLora(std::string detail)
{
    return {ErrorCode::ModelUnsupported, "This adapter is of a kind that the engine cannot use. Choose a LoRA adapter.",
            std::move(detail)};
}

bool isTokenEmbedding(std::string_view name)
{
    return name.ends_with(kTokens);
}

/// The rank as it stands in A and in B. The pair of the token embedding lies the other way round (llama-graph.cpp).
std::pair<std::uint64_t, std::uint64_t> ranksOf(std::string_view name, const Pair &pair)
{
    return {isTokenEmbedding(name) ? pair.a->sizes[0] : pair.a->sizes[1], pair.b->sizes[0]};
}

Status take(Pairs &pairs, const TensorEntry &tensor)
{
    const std::string_view name = tensor.name;
    if (name.ends_with(kEndNorm))
        return {};
    const bool isA = name.ends_with(kEndA);
    if (!isA && !name.ends_with(kEndB))
        return modelDamaged("the tensor " + tensor.name + " is no half of a pair");
    // The runtime takes these words out wherever they stand, so that two names could become one.
    const std::string_view base = name.substr(0, name.size() - kEndA.size());
    if (base.empty() || base.find(kEndA) != std::string_view::npos || base.find(kEndB) != std::string_view::npos)
        return modelDamaged("the tensor " + tensor.name + " has a name that no adapter has");
    (isA ? pairs[base].a : pairs[base].b) = &tensor;
    return {};
}

Result<Pairs> pairsOf(const GgufFile &adapter)
{
    Pairs pairs;
    for (const TensorEntry &tensor : adapter.tensors) {
        if (const auto taken = take(pairs, tensor); !taken)
            return taken.error();
    }
    return pairs;
}

Status checkPair(std::string_view name, const Pair &pair)
{
    const std::string which = "the pair " + std::string(name);
    if (pair.a == nullptr || pair.b == nullptr)
        return modelDamaged(which + " has only one half");
    for (const TensorEntry *half : {pair.a, pair.b}) {
        if (std::find(kTypes.begin(), kTypes.end(), half->type.name) == kTypes.end())
            return modelDamaged(which + " is of a type that adapters do not have");
        if (half->dimensions < 2)
            return modelDamaged(which + " is no matrix");
    }
    const auto [rankA, rankB] = ranksOf(name, pair);
    if (rankA != rankB || rankA > kLargestRank)
        return modelDamaged("the halves of " + std::string(name) + " do not fit each other");
    if (pair.a->sizes[2] != pair.b->sizes[2] || pair.a->sizes[3] != pair.b->sizes[3])
        return modelDamaged("the halves of " + std::string(name) + " do not fit each other");
    return {};
}

/// The runtime takes any number for a 32-bit float and stops the process where it is none.
Status checkAlpha(const GgufFile &adapter)
{
    const auto found = adapter.metadata.find(kAlpha);
    if (found == adapter.metadata.end())
        return {};
    const auto *alpha = std::get_if<double>(&found->second.value);
    if (found->second.type != ValueType::Float32 || alpha == nullptr || !std::isfinite(*alpha))
        return modelDamaged(std::string(kAlpha) + " is no finite 32-bit float");
    return {};
}

Status checkKeys(const GgufFile &adapter)
{
    if (adapter.text("adapter.type") != "lora")
        return notLora("adapter.type is not lora");
    if (adapter.has(kInvocation)) {
        return Error{ErrorCode::ModelUnsupported,
                     "This adapter only works after certain words (aLoRA), which the engine cannot do. Choose a LoRA "
                     "adapter that works everywhere.",
                     kInvocation};
    }
    if (!memoryKind(adapter.architecture()))
        return notLora("an architecture that this build does not know");
    return checkAlpha(adapter);
}

const TensorEntry *find(const std::vector<GgufFile> &model, std::string_view name)
{
    for (const GgufFile &part : model) {
        const auto found = std::find_if(part.tensors.begin(), part.tensors.end(),
                                        [=](const TensorEntry &tensor) { return tensor.name == name; });
        if (found != part.tensors.end())
            return &*found;
    }
    return nullptr;
}

Status checkPairFits(std::string_view name, const Pair &pair, const std::vector<GgufFile> &model)
{
    const TensorEntry *tensor = find(model, name);
    const std::string which(name);
    if (tensor == nullptr)
        return doesNotFit("the model has no tensor " + which);
    const bool tokens = isTokenEmbedding(name);
    // Where the table of tokens is the output, too, the runtime would use the pair for both, and fits only one.
    if (tokens && find(model, "output.weight") == nullptr)
        return doesNotFit(which + " is the model's output as well");
    if (tensor->type.name == "NVFP4") // llama-graph.cpp stops the process
        return doesNotFit(which + " is of a type that no adapter can change");
    const bool same = tokens ? tensor->sizes[0] == pair.b->sizes[1] && tensor->sizes[1] == pair.a->sizes[1]
                             : tensor->sizes[0] == pair.a->sizes[0] && tensor->sizes[1] == pair.b->sizes[1];
    if (!same || tensor->sizes[2] != pair.a->sizes[2] || tensor->sizes[3] != pair.a->sizes[3])
        return doesNotFit(which + " has other sizes");
    return {};
}

int smallNumber(std::uint64_t value)
{
    return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
}

} // namespace

bool isAdapter(const GgufFile &file)
{
    return file.text("general.type") == "adapter";
}

Status checkAdapter(const GgufFile &adapter)
{
    if (!isAdapter(adapter)) {
        return Error{ErrorCode::ModelUnsupported,
                     "This file is no adapter. Choose a LoRA adapter in GGUF format that was made for the model.",
                     "general.type"};
    }
    if (const auto checked = checkKeys(adapter); !checked)
        return checked;
    const auto pairs = pairsOf(adapter);
    if (!pairs)
        return pairs.error();
    if (pairs->empty())
        return modelUnsupported("the file holds no tensors");
    for (const auto &[name, pair] : *pairs) {
        if (const auto checked = checkPair(name, pair); !checked)
            return checked;
    }
    return {};
}

Status checkAdapterFits(const GgufFile &adapter, const std::vector<GgufFile> &model)
{
    if (adapter.architecture() != model.front().architecture())
        return doesNotFit("made for the architecture " + plainText(adapter.architecture()));
    const auto pairs = pairsOf(adapter);
    if (!pairs)
        return pairs.error();
    for (const auto &[name, pair] : *pairs) {
        if (const auto checked = checkPairFits(name, pair, model); !checked)
            return checked;
    }
    return {};
}

ModelDescription summariseAdapter(const GgufFile &adapter)
{
    ModelDescription description;
    ModelFacts facts;
    description.kind = ModelKind::Adapter;
    description.name = plainText(adapter.text("general.name"));
    description.architecture = adapter.architecture();
    description.licence = plainText(adapter.text("general.license"));
    description.fileBytes = static_cast<std::int64_t>(adapter.fileBytes);
    facts.baseName = plainText(adapter.text("general.base_model.0.name"));
    facts.ggufVersion = static_cast<int>(adapter.version);
    facts.tensors = static_cast<int>(adapter.tensors.size());
    facts.pooling = "none";
    facts.memory = "attention";
    for (const TensorEntry &tensor : adapter.tensors) {
        description.parameters += static_cast<std::int64_t>(tensor.elements);
        if (tensor.name.ends_with(kEndB))
            facts.adapterRank = std::max(facts.adapterRank, smallNumber(tensor.sizes[0]));
        facts.weightType = tensor.type.name;
    }
    description.quantisation = facts.weightType;
    description.facts = std::move(facts);
    return description;
}

} // namespace tramontane::catalog
