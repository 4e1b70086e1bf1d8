// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/reasoning_splitter.h"
#include "inference/engine/stop_matcher.h"
#include "inference/engine/utf8_stream.h"
#include "inference/protocol/messages.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tramontane::engine {

/// Takes what a request has to say, in order.
using Emit = std::function<void(protocol::Payload)>;

/// From the bytes of tokens to Text and Reasoning: complete characters, reasoning apart, nothing of a stop string.
/// Stop strings count in the answer, not in the reasoning. One thread at a time.
class AnswerStream {
public:
    AnswerStream(ReasoningMarks marks, std::vector<std::string> stops, const Emit &emit);

    void push(std::string_view bytes);
    /// Sends what was held back.
    void finish();
    [[nodiscard]] bool stopped() const noexcept { return m_stop.stopped(); }

private:
    void send(SplitText text);

    Utf8Stream m_utf8;
    ReasoningSplitter m_splitter;
    StopMatcher m_stop;
    const Emit &m_emit;
};

} // namespace tramontane::engine
