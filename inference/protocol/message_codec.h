// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/frame.h"

#include <array>
#include <string>
#include <string_view>

// Between payloads and the CBOR map of a frame. Only frame.cpp and messages.cpp use it. Any thread.
namespace tramontane::protocol {

/// In the order of the alternatives of Payload.
inline constexpr std::array<const char *, std::variant_size_v<Payload>> kTypeNames = {
    "hello",    "load",        "loadProgress", "loaded",    "generate", "promptProgress", "text",   "reasoning",
    "done",     "cancel",      "measure",      "measured",  "tokenize", "tokens",         "embed",  "embedded",
    "bulk",     "credit",      "error",        "quit",      "logprobs", "saveState",      "state",  "restoreState",
    "restored", "forgetState", "toolCalled",   "findState", "ping",     "pong",           "rerank", "ranked"};

/// Appends the CBOR map. Errors: InvalidArgument for text that is not UTF-8, a number that is not finite, or a bulk
/// piece that is too long; then `bytes` may hold part of it.
[[nodiscard]] Status appendBody(const Frame &frame, std::string &bytes);

/// Reads exactly one CBOR map. Errors: EngineProtocol, with the reason in `detail` (never any content).
[[nodiscard]] Result<Frame> decodeBody(std::string_view body);

} // namespace tramontane::protocol
