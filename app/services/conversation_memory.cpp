// SPDX-License-Identifier: Apache-2.0
#include "app/services/conversation_memory.h"

#include "app/services/snapshot_transfer.h"

#include <algorithm>
#include <utility>

namespace tramontane {

SnapshotConfiguration snapshotConfiguration(const std::string &sha256, const LoadedModel &loaded,
                                            const std::vector<AdapterScale> &adapters)
{
    SnapshotConfiguration configuration;
    configuration.modelSha256 = hash32FromHex(sha256).value_or(Hash32{});
    configuration.contextTokens = static_cast<std::uint32_t>(std::max(loaded.contextTokens, 0));
    configuration.kvTypeK = loaded.kvTypeK;
    configuration.kvTypeV = loaded.kvTypeV;
    configuration.flashAttention = loaded.flashAttention;
    configuration.engineBuild = loaded.engineBuild;
    for (const AdapterScale &adapter : adapters)
        configuration.adapters.push_back({hash32FromHex(adapter.sha256).value_or(Hash32{}), adapter.scale});
    return configuration;
}

ConversationMemory::ConversationMemory(SnapshotStore &store, InferenceProvider &provider, QObject *parent)
    : QObject(parent), m_store(store), m_provider(provider)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &ConversationMemory::keepNext);
}

Async<int> ConversationMemory::recall(ModelId model, SnapshotConfiguration configuration, StateKey key)
{
    // What waits to be written waits on: the person is asking again.
    if (m_quiet.isActive())
        m_quiet.start();
    Deferred<int> answer;
    whenReady(this, m_provider.findState(model, key),
              [this, answer, model, configuration = std::move(configuration), key](const Result<int> &found) mutable {
                  if (!found || *found > 0)
                      return answer.resolve(0);
                  whenReady(this, takeBack(model, std::move(configuration), std::move(key)),
                            [answer](const Result<int> &taken) { answer.resolve(taken ? *taken : 0); });
              });
    return answer.future();
}

Async<int> ConversationMemory::takeBack(ModelId model, SnapshotConfiguration configuration, StateKey key)
{
    using Reader = std::shared_ptr<SnapshotReader>;
    SnapshotExpectation expected{std::move(configuration), std::nullopt};
    const auto read = m_store.read(key.conversation, std::move(expected));
    return andThen(this, read, [this, model, key = std::move(key)](Reader reader) {
        if (!reader)
            return ready<int>(0);
        const auto source = std::make_shared<SnapshotSource>(std::move(reader), this);
        return andThen(this, source->tokens(), [this, model, key, source](std::vector<std::int32_t> tokens) {
            const auto restored = m_provider.restoreState(model, key, std::move(tokens), source->stateBytes(), source);
            whenReady(this, restored, [this, conversation = key.conversation](const Result<int> &taken) {
                // Another model of the same name would not have got this far: the file is of no use.
                if (!taken && taken.error().code == ErrorCode::InvalidArgument)
                    (void)m_store.remove(conversation);
            });
            return restored;
        });
    });
}

void ConversationMemory::keepSoon(ModelId model, SnapshotConfiguration configuration, StateKey key)
{
    if (m_dropped)
        return;
    m_waiting[key.conversation] = {model, std::move(configuration), std::move(key.adapters)};
    m_quiet.start();
}

Async<void> ConversationMemory::flush()
{
    Deferred<void> done;
    m_flushes.push_back(done);
    QTimer::singleShot(kLongestFlushMs, this, [done] { done.resolve({}); });
    m_quiet.stop();
    keepNext();
    return done.future();
}

void ConversationMemory::drop()
{
    m_dropped = true;
    m_quiet.stop();
    m_waiting.clear();
    for (const Deferred<void> &flush : std::exchange(m_flushes, {}))
        flush.resolve({});
}

void ConversationMemory::keepNext()
{
    if (m_writing)
        return;
    if (m_waiting.empty()) {
        for (const Deferred<void> &flush : std::exchange(m_flushes, {}))
            flush.resolve({});
        return;
    }
    auto next = m_waiting.extract(m_waiting.begin());
    const auto sink = std::make_shared<SnapshotSink>(m_store, next.key(), std::move(next.mapped().configuration),
                                                     kWorthKeeping, this);
    m_writing = true;
    StateKey key{next.key(), std::move(next.mapped().adapters)};
    const auto saved = andThen(this, m_provider.saveState(next.mapped().model, std::move(key), sink),
                               [sink] { return sink->finish(); });
    whenReady(this, saved, [this](const Result<SnapshotWritten> &) {
        m_writing = false;
        keepNext();
    });
}

} // namespace tramontane
