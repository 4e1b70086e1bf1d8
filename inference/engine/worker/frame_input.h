// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/standard_pipes.h"
#include "inference/protocol/frame.h"

#include <optional>
#include <vector>

namespace tramontane::engine {

/// Frames from standard input. One thread at a time.
class FrameInput {
public:
    explicit FrameInput(process::StandardPipes &pipes);

    /// Waits for the next frame; nothing at the end of the stream. Errors: EngineProtocol (also: the stream ends inside
    /// a frame), IoFailed. An error is final.
    [[nodiscard]] Result<std::optional<protocol::Frame>> next();

private:
    process::StandardPipes &m_pipes;
    protocol::FrameReader m_reader;
    std::vector<char> m_buffer;
};

} // namespace tramontane::engine
