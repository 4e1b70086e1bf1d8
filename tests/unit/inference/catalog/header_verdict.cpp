// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/inference/catalog/header_verdict.h"

#include "inference/catalog/gguf_reader.h"
#include "inference/catalog/model_checks.h"
#include "inference/catalog/model_summary.h"

#include <algorithm>
#include <array>
#include <map>

namespace tramontane::test {

using namespace catalog;

namespace {

/// How details call what is wrong: a key by its name or number, a tensor, or a part of the beginning.
bool namesAField(const std::string &detail)
{
    constexpr std::array<std::string_view, 11> names = {
        "key ",       "keys",       "the value of ", "tensor", "version",  "begin with GGUF",
        "byte order", "tokenizer.", "general.",      "split.", "alignment"};
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return detail.find(name) != std::string::npos; });
}

std::string problemOf(const Error &error, const std::string &architecture)
{
    constexpr std::array codes = {ErrorCode::ModelNotGguf, ErrorCode::ModelTruncated, ErrorCode::ModelUnsupported};
    if (std::find(codes.begin(), codes.end(), error.code) == codes.end())
        return "the code " + std::string(errorName(error.code));
    if (error.message.empty())
        return "no message";
    const bool named = namesAField(error.detail)
                       || (!architecture.empty() && error.detail.find(architecture + ".") != std::string::npos);
    return named ? std::string() : "a detail that names no field: " + error.detail;
}

std::string problemOf(const GgufFile &file, std::uint64_t bytes)
{
    std::map<std::uint64_t, std::uint64_t> ends;
    for (const TensorEntry &tensor : file.tensors) {
        if (tensor.offset % file.alignment != 0)
            return tensor.name + " is not aligned";
        if (file.dataOffset > bytes || tensor.offset > bytes - file.dataOffset || tensor.bytes == 0
            || tensor.bytes > bytes - file.dataOffset - tensor.offset)
            return tensor.name + " is not in the file";
        if (!ends.emplace(tensor.offset, tensor.offset + tensor.bytes).second)
            return tensor.name + " lies on another";
    }
    std::uint64_t last = 0;
    for (const auto &[from, to] : ends) {
        if (from < last)
            return "tensors overlap";
        last = to;
    }
    return {};
}

} // namespace

HeaderVerdict judgeHeader(std::string_view content, std::uint64_t bytes)
{
    MemorySource source(content, bytes);
    auto file = readGguf(source);
    HeaderVerdict verdict;
    if (!file) {
        verdict.refusal = file.error();
        verdict.problem = problemOf(file.error(), {});
        return verdict;
    }
    verdict.readable = true;
    verdict.problem = problemOf(*file, bytes);
    const std::vector<GgufFile> parts{std::move(*file)};
    if (const auto checked = checkModel(parts); !checked) {
        verdict.refusal = checked.error();
        if (verdict.problem.empty())
            verdict.problem = problemOf(checked.error(), parts.front().architecture());
    } else {
        (void)summarise(parts);
    }
    return verdict;
}

} // namespace tramontane::test
