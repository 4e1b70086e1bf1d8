// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/saved_checkpoints.h"

#include <algorithm>
#include <cstdint>

namespace tramontane::engine {

namespace {

constexpr std::size_t kNumber = 8; // bytes

void appendNumber(std::string &bytes, std::uint64_t value)
{
    for (std::size_t i = 0; i < kNumber; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint64_t number(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kNumber; ++i)
        value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    return value;
}

} // namespace

std::string saveCheckpoints(const CheckpointStore &store, std::span<const llama_token> tokens,
                            const AdapterSet &adapters)
{
    std::string bytes;
    auto found = store.onTheWay(tokens, adapters);
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(std::min(found.size(), kSavedCheckpoints)));
    for (const Checkpoint *checkpoint : found) {
        appendNumber(bytes, checkpoint->tokens.size());
        appendNumber(bytes, checkpoint->state.size());
        bytes += checkpoint->state;
    }
    return bytes;
}

std::optional<std::vector<Checkpoint>> readCheckpoints(std::string_view bytes, std::span<const llama_token> tokens,
                                                       const std::string &owner)
{
    std::vector<Checkpoint> found;
    while (!bytes.empty()) {
        if (bytes.size() < 2 * kNumber || found.size() == kSavedCheckpoints)
            return std::nullopt;
        const std::uint64_t count = number(bytes);
        const std::uint64_t size = number(bytes.substr(kNumber));
        bytes.remove_prefix(2 * kNumber);
        if (count == 0 || count > tokens.size() || size == 0 || size > bytes.size())
            return std::nullopt;
        const auto beginning = tokens.first(count);
        found.push_back({{beginning.begin(), beginning.end()}, std::string(bytes.substr(0, size)), owner});
        bytes.remove_prefix(size);
    }
    return found;
}

} // namespace tramontane::engine
