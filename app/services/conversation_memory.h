// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/contracts/snapshot_store.h"
#include "app/contracts/when_ready.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <vector>

namespace tramontane {

/// What a state of this model depends on beside its tokens. `sha256`: of the model file, 64 hexadecimal characters.
/// `adapters`: of the answer, in the order of their hashes.
[[nodiscard]] SnapshotConfiguration snapshotConfiguration(const std::string &sha256, const LoadedModel &loaded,
                                                          const std::vector<AdapterScale> &adapters = {});

/// Keeps what models remember of conversations on disk, and gives it back before the next answer, so that a long
/// conversation need not be read again after the model was unloaded or the application started anew. It is a help only:
/// whatever goes wrong, the model reads the conversation again. Calls: the owning thread.
class ConversationMemory final : public QObject {
    Q_OBJECT
public:
    /// After an answer, this long nothing else may be asked before the state is written.
    static constexpr int kQuietMs = 2000;
    static constexpr int kLongestFlushMs = 10'000;
    /// Shorter conversations are read again faster than a file is looked for.
    static constexpr std::size_t kWorthKeeping = 256;

    /// Both outlive the object.
    ConversationMemory(SnapshotStore &store, InferenceProvider &provider, QObject *parent = nullptr);

    /// Before an answer in a conversation, with the model loaded: takes its state back if the model does not have it. One
    /// on disk that was computed with other adapters is removed. Ready when the answer may begin; always succeeds. How
    /// many tokens were taken back: 0 if none.
    [[nodiscard]] Async<int> recall(ModelId model, SnapshotConfiguration configuration, StateKey key);
    /// After an answer: the state is written once it has been quiet for a while.
    void keepSoon(ModelId model, SnapshotConfiguration configuration, StateKey key);
    /// What waits to be written of this conversation is not written any more.
    void forget(ConversationId conversation) { m_waiting.erase(conversation); }
    /// Writes now what waits to be written. Ready when all is on disk or given up, at the latest after kLongestFlushMs;
    /// always succeeds.
    [[nodiscard]] Async<void> flush();
    /// What waits to be written is dropped, and nothing more is taken.
    void drop();

private:
    struct Waiting {
        ModelId model;
        SnapshotConfiguration configuration;
        std::vector<AdapterScale> adapters;
    };

    void keepNext();
    [[nodiscard]] Async<int> takeBack(ModelId model, SnapshotConfiguration configuration, StateKey key);

    SnapshotStore &m_store;
    InferenceProvider &m_provider;
    QTimer m_quiet;
    std::map<ConversationId, Waiting> m_waiting;
    bool m_writing = false;
    bool m_dropped = false;
    std::vector<Deferred<void>> m_flushes;
};

} // namespace tramontane
