// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/hyperparameter_checks.h"

#include "inference/catalog/model_errors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tramontane::catalog {

namespace {

constexpr std::uint64_t kMostLayers = 512;
constexpr std::uint64_t kMostHeads = 1 << 16;
constexpr std::uint64_t kMostExperts = 1024;
constexpr std::uint64_t kMostWidth = 1 << 24;
constexpr std::uint64_t kLongestContext = std::uint64_t{1} << 31;

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

Status checkCounts(const GgufFile &first, const std::string &prefix)
{
    const std::array<std::pair<const char *, std::uint64_t>, 10> rows{{{"block_count", kMostLayers},
                                                                       {"nextn_predict_layers", kMostLayers},
                                                                       {"context_length", kLongestContext},
                                                                       {"embedding_length", kMostWidth},
                                                                       {"attention.head_count", kMostHeads},
                                                                       {"attention.head_count_kv", kMostHeads},
                                                                       {"expert_count", kMostExperts},
                                                                       {"expert_used_count", kMostExperts},
                                                                       {"expert_group_count", kMostExperts},
                                                                       {"expert_group_used_count", kMostExperts}}};
    for (const auto &[name, most] : rows) {
        if (const auto checked = checkCount(first, prefix + name, most); !checked)
            return checked;
    }
    return {};
}

/// Zero when it is not there; of a list the largest.
std::uint64_t countOf(const GgufFile &first, const std::string &key)
{
    const ArrayValue *array = first.array(key);
    if (array == nullptr || array->integers.empty())
        return first.number(key).value_or(0);
    return static_cast<std::uint64_t>(*std::max_element(array->integers.begin(), array->integers.end()));
}

Status checkLayers(const GgufFile &first, const std::string &prefix)
{
    const std::string layers = prefix + "block_count";
    if (!first.has(layers))
        return {};
    if (countOf(first, layers) == 0)
        return modelDamaged(layers + " is 0");
    const std::string guessing = prefix + "nextn_predict_layers";
    return countOf(first, guessing) <= countOf(first, layers) ? Status()
                                                              : modelDamaged(guessing + " is more than " + layers);
}

Status checkExperts(const GgufFile &first, const std::string &prefix)
{
    const auto experts = countOf(first, prefix + "expert_count");
    const auto used = countOf(first, prefix + "expert_used_count");
    const auto groups = countOf(first, prefix + "expert_group_count");
    const auto groupsUsed = countOf(first, prefix + "expert_group_used_count");
    // llama.cpp takes a Hunyuan model with one expert for one without.
    const bool none = experts <= 1 && prefix.starts_with("hunyuan");
    if (!none && (used > experts || (experts > 0 && used == 0)))
        return modelDamaged(prefix + "expert_used_count does not fit expert_count");
    if (groups > 0 && groups >= experts)
        return modelDamaged(prefix + "expert_group_count does not fit expert_count");
    if (groups > 1 && (experts % groups != 0 || groupsUsed == 0 || groupsUsed >= groups))
        return modelDamaged(prefix + "expert_group_count does not fit expert_count and expert_group_used_count");
    return {};
}

Status checkEpsilons(const GgufFile &first, const std::string &prefix)
{
    for (const char *name : {"layer_norm_epsilon", "layer_norm_rms_epsilon", "group_norm_epsilon"}) {
        const std::string key = prefix + "attention." + name;
        const auto found = first.metadata.find(key);
        if (found == first.metadata.end())
            continue;
        const auto *value = std::get_if<double>(&found->second.value);
        if (value == nullptr || !std::isfinite(*value) || *value < 0)
            return modelDamaged(key + " is no number from 0 on");
    }
    return {};
}

Status checkPositions(const GgufFile &first, const std::string &prefix)
{
    const std::string key = prefix + "rope.scaling.type";
    if (!first.has(key))
        return {};
    for (const char *known : {"none", "linear", "yarn", "longrope"}) {
        if (first.text(key) == known)
            return {};
    }
    return modelDamaged(key + " is none of none, linear, yarn and longrope");
}

} // namespace

Status checkHyperparameters(const GgufFile &first)
{
    const std::string prefix = first.architecture() + ".";
    for (const auto check : {checkCounts, checkLayers, checkExperts, checkEpsilons, checkPositions}) {
        if (const auto checked = check(first, prefix); !checked)
            return checked;
    }
    return {};
}

} // namespace tramontane::catalog
