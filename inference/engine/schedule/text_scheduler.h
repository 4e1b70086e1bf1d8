// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/schedule/request_queue.h"
#include "inference/engine/schedule/scheduler.h"
#include "inference/engine/schedule/text_job.h"

#include <functional>
#include <list>
#include <memory>

namespace tramontane::engine {

/// Answers Embed or Rerank requests with one model. Requests take turns, one text each, so that a question's few words
/// do not wait for the many texts of a document. The thread that owns the context.
class TextScheduler {
public:
    /// All must outlive the object.
    TextScheduler(LoadedEngine &engine, RequestQueue &queue, Send send, SendBulk sendBulk);

    /// Answers requests until the process ends.
    [[noreturn]] void run();
    /// One text of one request. False: there was nothing to do.
    bool step();

private:
    struct Active {
        std::uint64_t id;
        std::shared_ptr<std::atomic<bool>> cancelled;
        std::unique_ptr<TextJob> job;
    };

    void admit();
    void end(Active active, const Result<bool> &result);

    LoadedEngine &m_engine;
    RequestQueue &m_queue;
    Send m_send;
    SendBulk m_sendBulk;
    std::list<Active> m_active; // the first one is next
};

} // namespace tramontane::engine
