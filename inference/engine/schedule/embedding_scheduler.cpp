// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/embedding_scheduler.h"

#include <utility>

namespace tramontane::engine {

EmbeddingScheduler::EmbeddingScheduler(LoadedEngine &engine, RequestQueue &queue, Send send, SendBulk sendBulk)
    : m_engine(engine), m_queue(queue), m_send(std::move(send)), m_sendBulk(std::move(sendBulk))
{
}

void EmbeddingScheduler::run()
{
    for (;;) {
        if (!step())
            m_queue.waitForReady();
    }
}

void EmbeddingScheduler::admit()
{
    while (m_active.size() < static_cast<std::size_t>(m_engine.info().parallel)) {
        auto request = m_queue.takeReady([](const Request &) { return true; });
        if (!request)
            return;
        auto &asked = std::get<protocol::Embed>(request->payload);
        m_active.push_back({request->id, request->cancelled, EmbeddingJob(m_engine, std::move(asked.texts))});
    }
}

bool EmbeddingScheduler::step()
{
    admit();
    if (m_active.empty())
        return false;
    Active active = std::move(m_active.front());
    m_active.pop_front();
    if (*active.cancelled) {
        end(std::move(active), Error{ErrorCode::Cancelled, "Making vectors was cancelled.", {}});
        return true;
    }
    const auto result = active.job.step();
    if (result && !*result)
        m_active.push_back(std::move(active));
    else
        end(std::move(active), result);
    return true;
}

void EmbeddingScheduler::end(Active active, const Result<bool> &result)
{
    if (!m_queue.finish(active.id))
        return;
    if (!result)
        return m_send(active.id, protocol::Failure{result.error()});
    const Vectors vectors = active.job.take();
    m_send(active.id, protocol::Embedded{vectors.rows, vectors.dims});
    m_sendBulk(active.id, vectors.bytes());
}

} // namespace tramontane::engine
