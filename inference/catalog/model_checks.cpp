// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/model_checks.h"

#include "inference/catalog/adapter_checks.h"
#include "inference/catalog/architectures.h"
#include "inference/catalog/model_errors.h"
#include "inference/catalog/split_files.h"

#include <array>

namespace tramontane::catalog {

namespace {

constexpr std::uint64_t kMostLayers = 1024;
constexpr std::uint64_t kMostHeads = 1 << 16;
constexpr std::uint64_t kMostExperts = 1 << 16;
constexpr std::uint64_t kMostWidth = 1 << 24;
constexpr std::uint64_t kLongestContext = std::uint64_t{1} << 31;

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
        return modelUnsupported("the file does not name its architecture");
    const auto kind = memoryKind(architecture);
    if (!kind)
        return modelUnsupported("an architecture that this build does not know");
    if (*kind == MemoryKind::Projector) {
        return Error{ErrorCode::ModelUnsupported,
                     "This file is a projector: it belongs to a model that reads images. Choose the model's own file.",
                     "architecture " + architecture};
    }
    return {};
}

/// Present, it is of a width that llama.cpp reads, and within its bounds.
Status checkCount(const GgufFile &first, const std::string &key, std::uint64_t most)
{
    const auto found = first.metadata.find(key);
    if (found == first.metadata.end())
        return {};
    if (const ArrayValue *array = first.array(key)) {
        for (const std::int64_t value : array->integers) {
            if (value < 0 || static_cast<std::uint64_t>(value) > most)
                return modelDamaged(key + " is " + std::to_string(value));
        }
        return array->count == array->integers.size() ? Status() : modelDamaged(key + " has too many values");
    }
    const auto value = first.number(key);
    if (!value)
        return modelDamaged(key + " is no count");
    return *value <= most ? Status() : modelDamaged(key + " is " + std::to_string(*value));
}

Status checkCounts(const GgufFile &first)
{
    const std::string architecture = first.architecture() + ".";
    const std::array<std::pair<const char *, std::uint64_t>, 7> rows{{{"block_count", kMostLayers},
                                                                      {"context_length", kLongestContext},
                                                                      {"embedding_length", kMostWidth},
                                                                      {"attention.head_count", kMostHeads},
                                                                      {"attention.head_count_kv", kMostHeads},
                                                                      {"expert_count", kMostExperts},
                                                                      {"expert_used_count", kMostExperts}}};
    for (const auto &[name, most] : rows) {
        if (const auto checked = checkCount(first, architecture + name, most); !checked)
            return checked;
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
    return list->count == count ? Status() : modelDamaged(std::string(key) + " is not as long as the list of tokens");
}

Status checkVocabulary(const GgufFile &first)
{
    if (!first.has("tokenizer.ggml.tokens"))
        return {};
    const ArrayValue *tokens = first.array("tokenizer.ggml.tokens");
    if (tokens == nullptr || tokens->element != ValueType::String || tokens->count == 0)
        return modelDamaged("the list of tokens is no list of texts");
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
    if (const auto checked = checkCounts(first); !checked)
        return checked;
    return checkVocabulary(first);
}

} // namespace tramontane::catalog
