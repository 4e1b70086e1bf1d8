// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/frame_input.h"

namespace tramontane::engine {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024; // what a pipe holds

} // namespace

FrameInput::FrameInput(process::StandardPipes &pipes) : m_pipes(pipes), m_buffer(kReadBytes) {}

Result<std::optional<protocol::Frame>> FrameInput::next()
{
    for (;;) {
        auto frame = m_reader.next();
        if (!frame || *frame)
            return frame;
        const auto got = m_pipes.read(m_buffer.data(), m_buffer.size());
        if (!got)
            return got.error();
        if (*got == 0 && m_reader.insideFrame()) {
            return Error{ErrorCode::EngineProtocol, "The engine and the application did not understand each other.",
                         "the stream ends inside a frame"};
        }
        if (*got == 0)
            return std::optional<protocol::Frame>();
        m_reader.feed({m_buffer.data(), *got});
    }
}

} // namespace tramontane::engine
