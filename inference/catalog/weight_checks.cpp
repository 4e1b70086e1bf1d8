// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/weight_checks.h"

#include "inference/catalog/model_errors.h"

#include <algorithm>
#include <array>

namespace tramontane::catalog {

namespace {

template <std::size_t N>
bool contains(const std::array<std::string_view, N> &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Experts by the number of the token (deepseek4).
bool holdsIndices(const TensorEntry &tensor)
{
    return !tensor.name.ends_with(".weight") || tensor.name.find("_tid2eid.") != std::string::npos;
}

bool isAddedOrMultiplied(const TensorEntry &tensor)
{
    return tensor.name.ends_with("norm.weight") || tensor.name.ends_with("norm.bias")
           || (tensor.dimensions <= 1 && tensor.name.ends_with(".bias"));
}

bool canCompute(const TensorEntry &tensor)
{
    constexpr std::array<std::string_view, 5> never = {"I8", "I16", "F64", "Q8_1", "Q8_K"};
    constexpr std::array<std::string_view, 2> indices = {"I32", "I64"};
    const std::string_view type = tensor.type.name;
    if (contains(never, type) || (contains(indices, type) && !holdsIndices(tensor)))
        return false;
    return type == "F32" || !isAddedOrMultiplied(tensor);
}

} // namespace

Status checkWeights(const GgufFile &part)
{
    const auto wrong = std::find_if_not(part.tensors.begin(), part.tensors.end(), canCompute);
    if (wrong == part.tensors.end())
        return {};
    return modelUnsupported("tensor " + wrong->name + " is of type " + std::string(wrong->type.name)
                            + ", with which its values cannot be computed");
}

} // namespace tramontane::catalog
