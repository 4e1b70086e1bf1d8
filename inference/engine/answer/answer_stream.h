// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer_parser.h"
#include "inference/engine/answer/reasoning_splitter.h"
#include "inference/engine/answer/stop_matcher.h"
#include "inference/engine/answer/utf8_stream.h"
#include "inference/protocol/messages.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tramontane::engine {

/// From the bytes of tokens to Text and Reasoning: complete characters, reasoning apart, nothing of a stop string.
/// Stop strings count in the answer, not in the reasoning. One thread at a time.
class AnswerStream {
public:
    AnswerStream(ReasoningMarks marks, std::vector<std::string> stops, const Emit &emit);
    /// For an answer with a form, which must outlive the object; stop strings then count anywhere.
    AnswerStream(const AnswerFormat &format, std::string idSeed, std::vector<std::string> stops, const Emit &emit);

    void push(std::string_view bytes);
    /// Sends what was held back. `complete`: the model ended its answer itself.
    void finish(bool complete = true);
    [[nodiscard]] bool stopped() const noexcept { return m_stop.stopped(); }

private:
    void send(SplitText text);

    Utf8Stream m_utf8;
    ReasoningSplitter m_splitter;
    StopMatcher m_stop;
    std::optional<AnswerParser> m_parser;
    const Emit &m_emit;
};

} // namespace tramontane::engine
