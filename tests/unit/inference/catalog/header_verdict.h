// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tramontane::test {

struct HeaderVerdict {
    /// Nothing: accepted by the reader and by the checks of a model.
    std::optional<Error> refusal;
    /// The reader took it; the checks may have refused it.
    bool readable = false;
    /// What should not be; empty when all is well.
    std::string problem;
};

/// Reads a header as the product does. A problem is: a refusal with another code than those of a model file, without a
/// sentence, or whose detail names no field; a file that was taken although a tensor lies outside of it, at an odd place
/// or on another tensor. `bytes`: what the file claims to have.
[[nodiscard]] HeaderVerdict judgeHeader(std::string_view content, std::uint64_t bytes);

} // namespace tramontane::test
