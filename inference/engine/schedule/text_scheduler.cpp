// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/text_scheduler.h"

#include "inference/engine/schedule/embedding.h"
#include "inference/engine/schedule/reranking.h"

#include <utility>

namespace tramontane::engine {

namespace {

std::unique_ptr<TextJob> jobFor(LoadedEngine &engine, protocol::Payload payload)
{
    if (auto *rerank = std::get_if<protocol::Rerank>(&payload))
        return std::make_unique<RerankJob>(engine, std::move(*rerank));
    return std::make_unique<EmbeddingJob>(engine, std::move(std::get<protocol::Embed>(payload)));
}

} // namespace

TextScheduler::TextScheduler(LoadedEngine &engine, RequestQueue &queue, Send send, SendBulk sendBulk)
    : m_engine(engine), m_queue(queue), m_send(std::move(send)), m_sendBulk(std::move(sendBulk))
{
}

void TextScheduler::run()
{
    for (;;) {
        if (!step())
            m_queue.waitForReady();
    }
}

void TextScheduler::admit()
{
    while (m_active.size() < static_cast<std::size_t>(m_engine.info().parallel)) {
        auto request = m_queue.takeReady([](const Request &) { return true; });
        if (!request)
            return;
        m_active.push_back({request->id, request->cancelled, jobFor(m_engine, std::move(request->payload))});
    }
}

bool TextScheduler::step()
{
    admit();
    if (m_active.empty())
        return false;
    Active active = std::move(m_active.front());
    m_active.pop_front();
    if (*active.cancelled) {
        end(std::move(active), Error{ErrorCode::Cancelled, "The work on the texts was cancelled.", {}});
        return true;
    }
    const auto result = active.job->step();
    if (result && !*result)
        m_active.push_back(std::move(active));
    else
        end(std::move(active), result);
    return true;
}

void TextScheduler::end(Active active, const Result<bool> &result)
{
    if (!m_queue.finish(active.id))
        return;
    if (!result)
        return m_send(active.id, protocol::Failure{result.error()});
    TextJob::Answer answer = active.job->take();
    m_send(active.id, std::move(answer.head));
    if (answer.bulk)
        m_sendBulk(active.id, std::move(*answer.bulk));
}

} // namespace tramontane::engine
