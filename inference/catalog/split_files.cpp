// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/split_files.h"

#include "inference/catalog/model_errors.h"

#include <cstdio>
#include <unordered_set>

namespace tramontane::catalog {

namespace {

constexpr std::string_view kEnding = ".gguf";
constexpr std::string_view kOf = "-of-";
constexpr std::size_t kDigits = 5;

/// Exactly five digits; nothing for anything else.
std::optional<int> fiveDigits(std::string_view text)
{
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return text.size() == kDigits ? std::optional(value) : std::nullopt;
}

std::string numbered(const PartName &name, int number)
{
    char digits[32];
    std::snprintf(digits, sizeof digits, "-%05d-of-%05d", number, name.count);
    return name.prefix + digits + std::string(kEnding);
}

Status checkPart(const GgufFile &part, std::size_t index, std::size_t count)
{
    const std::string which = "part " + std::to_string(index + 1);
    if (part.number("split.no") != index)
        return modelDamaged(which + " says that it is another part");
    if (part.number("split.count") != count)
        return modelDamaged(which + " says that there are other parts");
    if (index > 0 && part.tensors.empty()) // the first may hold nothing but keys
        return modelDamaged(which + " holds no tensors");
    return {};
}

} // namespace

std::optional<PartName> partName(std::string_view path)
{
    const std::size_t tail = 1 + kDigits + kOf.size() + kDigits + kEnding.size();
    if (path.size() <= tail || !path.ends_with(kEnding))
        return std::nullopt;
    const std::string_view end = path.substr(path.size() - tail);
    const auto number = fiveDigits(end.substr(1, kDigits));
    const auto count = fiveDigits(end.substr(1 + kDigits + kOf.size(), kDigits));
    if (end.front() != '-' || end.substr(1 + kDigits, kOf.size()) != kOf || !number || !count)
        return std::nullopt;
    if (*number < 1 || *number > *count || *count > kMostParts)
        return std::nullopt;
    return PartName{std::string(path.substr(0, path.size() - tail)), *number, *count};
}

std::vector<std::string> partPaths(const std::string &path)
{
    const auto name = partName(path);
    if (!name)
        return {path};
    std::vector<std::string> paths;
    for (int i = 1; i <= name->count; ++i)
        paths.push_back(numbered(*name, i));
    return paths;
}

Status checkParts(const std::vector<GgufFile> &parts)
{
    if (parts.size() == 1) {
        if (parts.front().number("split.count").value_or(1) > 1) {
            return modelUnsupported(
                "split.count: The file is one part of several, but its name does not say which: it must end like "
                "-00001-of-00003.gguf.");
        }
        return {};
    }
    std::unordered_set<std::string_view> names;
    std::uint64_t tensors = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (const auto checked = checkPart(parts[i], i, parts.size()); !checked)
            return checked;
        for (const TensorEntry &tensor : parts[i].tensors) {
            if (!names.insert(tensor.name).second)
                return modelDamaged("the tensor " + tensor.name + " is in two parts");
        }
        tensors += parts[i].tensors.size();
    }
    if (parts.front().number("split.tensors.count") != tensors)
        return modelDamaged("the parts hold " + std::to_string(tensors) + " tensors, not as many as the first says");
    return {};
}

} // namespace tramontane::catalog
