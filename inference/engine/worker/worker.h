// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/schedule/request_queue.h"
#include "inference/engine/worker/frame_input.h"
#include "inference/engine/worker/frame_output.h"
#include "inference/engine/worker/uploads.h"

namespace tramontane::engine {

/// Between the pipe and the model. One thread reads frames and cancels at once; one prepares requests and answers what
/// needs no context (RequestDesk); the thread that calls run() owns the context and works through the queue. All
/// references outlive the process's threads: the process ends from here.
class Worker {
public:
    Worker(FrameInput &input, FrameOutput &output) : m_input(input), m_output(output) {}

    /// Starts the reading thread, which ends the process: status 0 after quit or the end of the stream, 1 after an error
    /// of the connection.
    void startReading();
    /// Answers requests until the process ends.
    [[noreturn]] void run(LoadedEngine &engine);

private:
    [[noreturn]] void readLoop();
    [[nodiscard]] Status receive(protocol::Frame frame);
    [[nodiscard]] Status receiveUpload(protocol::Frame frame);
    [[nodiscard]] Status enqueue(Request request);
    void cancel(std::uint64_t id);

    FrameInput &m_input;
    FrameOutput &m_output;
    RequestQueue m_queue;
    Uploads m_uploads; // of the reading thread
};

} // namespace tramontane::engine
