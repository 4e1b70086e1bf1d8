// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/model_checks.h"

#include "inference/catalog/adapter_checks.h"
#include "inference/catalog/architectures.h"
#include "inference/catalog/hyperparameter_checks.h"
#include "inference/catalog/model_errors.h"
#include "inference/catalog/split_files.h"
#include "inference/catalog/weight_checks.h"

namespace tramontane::catalog {

namespace {

Status checkArchitecture(const GgufFile &first)
{
    if (isAdapter(first)) {
        return Error{ErrorCode::ModelUnsupported,
                     "This file is an adapter: it changes a model and cannot answer by itself. Choose the model's own "
                     "file, and name this one with --adapter.",
                     "general.type is adapter"};
    }
    const std::string architecture = first.architecture();
    if (architecture.empty())
        return modelUnsupported("general.architecture: the file does not name its architecture");
    const auto kind = memoryKind(architecture);
    if (!kind)
        return modelUnsupported("general.architecture: one that this build does not know");
    if (*kind == MemoryKind::Projector) {
        return Error{
            ErrorCode::ModelUnsupported,
            "This file is a projector: it belongs to a model that reads images. Choose the model's own file, and "
            "leave the projector beside it.",
            "general.architecture is " + architecture};
    }
    return {};
}

/// A list beside the tokens must be as long: llama.cpp reads it with the tokens' numbers.
Status checkBeside(const GgufFile &first, const char *key, ValueType element, std::uint64_t count)
{
    if (!first.has(key))
        return {};
    const ArrayValue *list = first.array(key);
    if (list == nullptr || list->element != element)
        return modelDamaged(std::string(key) + " is of another type");
    return list->count == count ? Status()
                                : modelDamaged(std::string(key) + " is not as long as tokenizer.ggml.tokens");
}

Status checkVocabulary(const GgufFile &first)
{
    if (!first.has("tokenizer.ggml.tokens"))
        return {};
    const ArrayValue *tokens = first.array("tokenizer.ggml.tokens");
    if (tokens == nullptr || tokens->element != ValueType::String || tokens->count == 0)
        return modelDamaged("tokenizer.ggml.tokens is no list of texts");
    if (!tokens->distinct)
        return modelDamaged("tokenizer.ggml.tokens holds a text twice");
    if (!tokens->utf8)
        return modelDamaged("tokenizer.ggml.tokens holds a text that is not UTF-8");
    // WordPiece and RWKV know no tokens that stand for bytes; llama.cpp ends the process when it finds one there.
    const std::string_view kind = first.text("tokenizer.ggml.model");
    const ArrayValue *types = first.array("tokenizer.ggml.token_type");
    if ((kind == "bert" || kind == "rwkv") && types != nullptr && types->hasByteType)
        return modelDamaged("tokenizer.ggml.token_type has bytes, which a vocabulary of tokenizer.ggml.model has not");
    // llama.cpp falls back to bytes for what it finds no other token for, and throws when one is missing.
    if (kind == "llama" && tokens->byteTokens != 256)
        return modelDamaged("tokenizer.ggml.tokens has a token for " + std::to_string(tokens->byteTokens)
                            + " bytes only, not for all 256");
    if (const auto checked = checkBeside(first, "tokenizer.ggml.scores", ValueType::Float32, tokens->count); !checked)
        return checked;
    return checkBeside(first, "tokenizer.ggml.token_type", ValueType::Int32, tokens->count);
}

} // namespace

Status checkModel(const std::vector<GgufFile> &parts)
{
    const GgufFile &first = parts.front();
    if (const auto checked = checkParts(parts); !checked)
        return checked;
    if (parts.size() == 1 && first.tensors.empty())
        return modelUnsupported("the file holds no tensors");
    if (const auto checked = checkArchitecture(first); !checked)
        return checked;
    for (const GgufFile &part : parts) {
        if (const auto checked = checkWeights(part); !checked)
            return checked;
    }
    if (const auto checked = checkHyperparameters(first); !checked)
        return checked;
    return checkVocabulary(first);
}

} // namespace tramontane::catalog
