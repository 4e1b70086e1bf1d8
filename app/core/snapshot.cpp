// SPDX-License-Identifier: Apache-2.0
#include "app/core/snapshot.h"

#include "app/core/utf8.h"

#include <algorithm>
#include <cmath>

namespace tramontane {

namespace {

Error beyondLimits(const char *field)
{
    return Error{ErrorCode::InvalidArgument,
                 "The state of the conversation cannot be kept: its description is not valid.", field};
}

bool isFineText(const std::string &text)
{
    return text.size() <= kMaxSnapshotText && isUtf8(text);
}

} // namespace

Hash32 tokensSha256(std::span<const std::int32_t> tokens)
{
    Sha256 hash;
    std::array<std::uint8_t, 4 * 1024> block;
    while (!tokens.empty()) {
        const auto count = std::min<std::size_t>(tokens.size(), block.size() / 4);
        for (std::size_t i = 0; i < count; ++i) {
            const auto token = static_cast<std::uint32_t>(tokens[i]);
            for (std::size_t byte = 0; byte < 4; ++byte)
                block[4 * i + byte] = static_cast<std::uint8_t>(token >> (8 * byte));
        }
        hash.update(std::span(block).first(4 * count));
        tokens = tokens.subspan(count);
    }
    return hash.finish();
}

Status checkSnapshotHeader(const SnapshotHeader &header)
{
    const SnapshotConfiguration &about = header.configuration;
    if (!isFineText(about.kvTypeK) || !isFineText(about.kvTypeV))
        return beyondLimits("KV types");
    if (!isFineText(about.contextOptions))
        return beyondLimits("context options");
    if (!isFineText(about.engineBuild))
        return beyondLimits("engine build");
    if (about.adapters.size() > kMaxSnapshotAdapters
        || !std::ranges::all_of(about.adapters, [](const auto &adapter) { return std::isfinite(adapter.scale); }))
        return beyondLimits("adapters");
    if (about.contextTokens == 0 || about.contextTokens > kMaxSnapshotTokens)
        return beyondLimits("context tokens");
    if (header.tokenCount == 0 || header.tokenCount > kMaxSnapshotTokens)
        return beyondLimits("token count");
    if (header.stateBytes == 0 || header.stateBytes > kMaxSnapshotBytes)
        return beyondLimits("state bytes");
    return {};
}

bool fits(const SnapshotHeader &header, const SnapshotExpectation &expected)
{
    if (header.configuration != expected.configuration)
        return false;
    if (!expected.promptTokens)
        return true;
    const std::span<const std::int32_t> prompt = *expected.promptTokens;
    return header.tokenCount <= prompt.size() && tokensSha256(prompt.first(header.tokenCount)) == header.tokensSha256;
}

} // namespace tramontane
