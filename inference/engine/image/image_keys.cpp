// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/image/image_keys.h"

#include <sodium.h>

#include <cstring>

namespace tramontane::engine {

namespace {

constexpr std::size_t kNamesPerHash = sizeof(Hash32) / sizeof(std::uint32_t);
constexpr std::uint32_t kBits = 0x3FFFFFFF;

} // namespace

ImageKeys::ImageKeys()
{
    randombytes_buf(m_secret.data(), m_secret.size());
}

TokenIds ImageKeys::cells(const std::string &sha256, std::size_t piece, std::size_t count) const
{
    TokenIds names;
    names.reserve(count + kNamesPerHash);
    while (names.size() < count) {
        Sha256 hash;
        hash.update(std::span<const std::uint8_t>(m_secret));
        hash.update(sha256 + "/" + std::to_string(piece) + "/" + std::to_string(names.size()));
        const Hash32 digest = hash.finish();
        std::array<std::uint32_t, kNamesPerHash> words{};
        std::memcpy(words.data(), digest.data(), digest.size());
        for (const std::uint32_t word : words)
            names.push_back(LLAMA_TOKEN_NULL - 1 - static_cast<llama_token>(word & kBits));
    }
    names.resize(count);
    return names;
}

} // namespace tramontane::engine
