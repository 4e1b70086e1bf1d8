// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/tensor_layout.h"

#include "inference/catalog/model_errors.h"

#include <algorithm>
#include <limits>

namespace tramontane::catalog {

namespace {

constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

/// Nothing: more than 2^63.
std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b)
{
    if (b != 0 && a > kMost / b)
        return std::nullopt;
    return a * b;
}

} // namespace

Status computeSize(TensorEntry &tensor)
{
    std::optional<std::uint64_t> elements = 1;
    for (const std::uint64_t size : tensor.sizes) {
        if (size == 0)
            return modelDamaged("tensor " + tensor.name + " has a size of zero");
        elements = product(*elements, size);
        if (!elements)
            return modelDamaged("tensor " + tensor.name + " has more elements than can be counted");
    }
    if (tensor.sizes[0] % tensor.type.elements != 0)
        return modelDamaged("the rows of tensor " + tensor.name + " are no whole number of blocks");
    const auto bytes = product(*elements / tensor.type.elements, tensor.type.bytes);
    if (!bytes)
        return modelDamaged("tensor " + tensor.name + " has more bytes than can be counted");
    tensor.elements = *elements;
    tensor.bytes = *bytes;
    return {};
}

Status checkLayout(const GgufFile &file)
{
    if (file.tensors.empty())
        return {};
    if (file.dataOffset > file.fileBytes)
        return modelTruncated("the file ends with the header, before tensor " + file.tensors.front().name);
    const std::uint64_t dataBytes = file.fileBytes - file.dataOffset;
    std::vector<const TensorEntry *> byOffset;
    for (const TensorEntry &tensor : file.tensors) {
        if (tensor.offset % file.alignment != 0)
            return modelDamaged("tensor " + tensor.name + " does not begin at a multiple of the alignment");
        if (tensor.offset > dataBytes || tensor.bytes > dataBytes - tensor.offset)
            return modelTruncated("tensor " + tensor.name + " ends beyond the end of the file");
        byOffset.push_back(&tensor);
    }
    std::sort(byOffset.begin(), byOffset.end(),
              [](const TensorEntry *a, const TensorEntry *b) { return a->offset < b->offset; });
    for (std::size_t i = 1; i < byOffset.size(); ++i) {
        // Neither sum nor difference can overflow: both lie inside the file.
        if (byOffset[i - 1]->offset + byOffset[i - 1]->bytes > byOffset[i]->offset)
            return modelDamaged("tensors " + byOffset[i - 1]->name + " and " + byOffset[i]->name + " overlap");
    }
    return {};
}

} // namespace tramontane::catalog
