// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer_format.h"
#include "inference/protocol/messages.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tramontane::engine {

/// Takes what a request has to say, in order.
using Emit = std::function<void(protocol::Payload)>;

/// Takes an answer apart while it is written: Text, Reasoning and ToolCalled (once a call is whole). What it says is
/// never taken back. An answer that does not have the form after all is shown as text; nothing of it is lost.
/// One thread at a time.
class AnswerParser {
public:
    /// `format` and `emit` must outlive the object. Ids of calls are made from `idSeed` unless the model gives ids of the
    /// form that every model takes (call_id.h).
    AnswerParser(const AnswerFormat &format, std::string idSeed, const Emit &emit);
    ~AnswerParser();

    /// `text`: complete characters.
    void push(std::string_view text);
    /// `complete`: the model ended its answer; otherwise the last call may be half a call and is not told.
    void finish(bool complete);

private:
    struct State;
    enum class Until { Now, CutOff, End };
    void parse(Until until);
    void sayCall(std::size_t index, const ToolCall &call);
    void sayRest();

    const AnswerFormat &m_format;
    std::string m_idSeed;
    const Emit &m_emit;
    std::unique_ptr<State> m_state;
};

} // namespace tramontane::engine
