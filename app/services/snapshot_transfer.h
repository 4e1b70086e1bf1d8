// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_state.h"
#include "app/contracts/snapshot_store.h"
#include "app/contracts/when_ready.h"

#include <QObject>

#include <memory>
#include <string>
#include <vector>

// Between a model's memory and a snapshot. In a snapshot's state the tokens come first, each as 4 bytes, little endian,
// then what the model gave.
namespace tramontane {

/// Writes a state into a new snapshot. One thread.
class SnapshotSink final : public StateSink, public std::enable_shared_from_this<SnapshotSink> {
public:
    /// A state of fewer than `least` tokens is not wanted. `store` outlives the object; when `context` dies, nothing
    /// more is written.
    SnapshotSink(SnapshotStore &store, ConversationId conversation, SnapshotConfiguration configuration,
                 std::size_t least, QObject *context);

    [[nodiscard]] bool begin(std::vector<std::int32_t> tokens, std::uint64_t bytes) override;
    [[nodiscard]] Async<bool> take(std::string piece) override;
    /// After the last piece: ready when the snapshot is on disk or was given up. Errors: those of SnapshotWriter.
    [[nodiscard]] Async<SnapshotWritten> finish();

private:
    [[nodiscard]] Async<bool> append(bool all);
    void appendNext(bool all, const Deferred<bool> &done);

    SnapshotStore &m_store;
    ConversationId m_conversation;
    SnapshotConfiguration m_configuration;
    std::size_t m_least;
    QObject *m_context;
    std::shared_ptr<SnapshotWriter> m_writer;
    std::string m_buffer; // not yet with the writer
};

/// Reads a state out of a snapshot. One thread.
class SnapshotSource final : public StateSource, public std::enable_shared_from_this<SnapshotSource> {
public:
    /// `context`: when it dies, nothing more is read.
    SnapshotSource(std::shared_ptr<SnapshotReader> reader, QObject *context);

    /// First, once. Errors: IoFailed when the snapshot is spoiled or its tokens are not those of its header, and those
    /// of SnapshotReader.
    [[nodiscard]] Async<std::vector<std::int32_t>> tokens();
    /// Bytes that next() will give.
    [[nodiscard]] std::uint64_t stateBytes() const;
    [[nodiscard]] Async<std::string> next() override;

private:
    void readTokens(const Deferred<std::vector<std::int32_t>> &answer);
    [[nodiscard]] Result<std::vector<std::int32_t>> takeTokens();
    void readNext(const Deferred<std::string> &answer);

    std::shared_ptr<SnapshotReader> m_reader;
    QObject *m_context;
    std::string m_buffer; // read and not yet given
};

} // namespace tramontane
