// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/call_id.h"

#include "app/core/digest.h"

#include <algorithm>
#include <cctype>

namespace tramontane::engine {

namespace {
constexpr std::size_t kLength = 9;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
} // namespace

bool isCallId(std::string_view id) noexcept
{
    return id.size() == kLength
           && std::all_of(id.begin(), id.end(), [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
}

std::string callIdFrom(std::string_view seed)
{
    const Hash32 hash = sha256(seed);
    std::string id;
    for (std::size_t i = 0; i < kLength; ++i)
        id += kAlphabet[(hash[2 * i] * 256U + hash[2 * i + 1]) % kAlphabet.size()];
    return id;
}

} // namespace tramontane::engine
