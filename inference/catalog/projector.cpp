// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/projector.h"

#include "inference/catalog/architectures.h"
#include "inference/catalog/model_errors.h"
#include "inference/catalog/plain_text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace tramontane::catalog {

namespace {

constexpr const char *kVision = "clip.vision.";
constexpr std::uint64_t kMostWidth = 1 << 20;
constexpr std::uint64_t kMostSide = 1 << 14; // pixels
constexpr std::size_t kLongestName = 64;

struct Bounds {
    const char *name;
    std::uint64_t least;
    std::uint64_t most;
};

/// llama.cpp divides by them and makes room for as many.
constexpr std::array<Bounds, 7> kCounts{{{"embedding_length", 1, kMostWidth},
                                         {"attention.head_count", 1, kMostWidth},
                                         {"feed_forward_length", 0, kMostWidth},
                                         {"projection_dim", 0, kMostWidth},
                                         {"block_count", 0, 1024},
                                         {"image_size", 1, kMostSide},
                                         {"patch_size", 1, kMostSide}}};

Status checkCounts(const GgufFile &file)
{
    for (const Bounds &bounds : kCounts) {
        const std::string key = kVision + std::string(bounds.name);
        const auto value = file.number(key);
        if (!value || *value < bounds.least || *value > bounds.most)
            return modelDamaged(key + (value ? " is " + std::to_string(*value) : " is no count"));
    }
    const auto number = [&](const char *name) { return file.number(kVision + std::string(name)).value_or(0); };
    if (number("patch_size") > number("image_size"))
        return modelDamaged("a patch is larger than an image");
    if (number("embedding_length") % number("attention.head_count") != 0)
        return modelDamaged("the heads do not share the width");
    return {};
}

Status checkColours(const GgufFile &file)
{
    for (const char *name : {"image_mean", "image_std"}) {
        const ArrayValue *list = file.array(kVision + std::string(name));
        if (list == nullptr || list->element != ValueType::Float32 || list->count != 3)
            return modelDamaged(std::string(name) + " is no list of three numbers");
    }
    return {};
}

} // namespace

bool isProjector(const GgufFile &first)
{
    return memoryKind(first.architecture()) == MemoryKind::Projector;
}

std::string projectorType(const GgufFile &file)
{
    const auto type = file.text("clip.projector_type");
    return plainText(type.empty() ? file.text("clip.vision.projector_type") : type);
}

int projectorWidth(const GgufFile &file)
{
    for (const char *name : {"mm.model.fc.weight", "mm.2.weight", "mm.0.weight"}) {
        const auto found = std::find_if(file.tensors.begin(), file.tensors.end(),
                                        [=](const TensorEntry &tensor) { return tensor.name == name; });
        if (found != file.tensors.end())
            return static_cast<int>(std::min<std::uint64_t>(found->sizes[1], std::numeric_limits<int>::max()));
    }
    return 0;
}

Status checkProjector(const std::vector<GgufFile> &parts)
{
    const GgufFile &file = parts.front();
    if (parts.size() != 1 || file.number("split.count").value_or(1) > 1)
        return modelUnsupported("a projector in several files");
    if (file.tensors.empty())
        return modelUnsupported("the file holds no tensors");
    if (!file.flag("clip.has_vision_encoder").value_or(false))
        return modelUnsupported("a projector that reads no images");
    const std::string type = projectorType(file);
    if (type.empty() || type.size() > kLongestName)
        return modelUnsupported("a projector that does not name its type");
    if (const Status counts = checkCounts(file); !counts)
        return counts;
    return checkColours(file);
}

} // namespace tramontane::catalog
