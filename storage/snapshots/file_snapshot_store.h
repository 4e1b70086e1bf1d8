// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/snapshot_store.h"
#include "storage/snapshots/snapshot_folder.h"
#include "storage/tasks/work_threads.h"

namespace tramontane::vault {

/// SnapshotStore in the folder snapshots/ of a vault. `database` and `clock` must outlive the store; readers and writers
/// may outlive it and then answer VaultLocked.
class FileSnapshotStore final : public SnapshotStore {
public:
    FileSnapshotStore(std::filesystem::path folder, VaultDatabase &database, Key32 wrapping, const std::string &vaultId,
                      SnapshotBudget budget, const Clock &clock);
    /// Closes if close() was not called before. Not in a thread of the store.
    ~FileSnapshotStore() override;

    [[nodiscard]] std::shared_ptr<SnapshotWriter> write(ConversationId conversation, SnapshotHeader header) override;
    [[nodiscard]] Async<std::shared_ptr<SnapshotReader>> read(ConversationId conversation,
                                                              SnapshotExpectation expected) override;
    [[nodiscard]] Async<void> remove(ConversationId conversation) override;
    [[nodiscard]] Async<void> clear(std::optional<Hash32> modelSha256) override;
    [[nodiscard]] Async<SnapshotUsage> usage() override;

    /// Ends running reads and writes after the piece that they are at, removes what is half written, wipes the keys.
    /// Waits for that: not in a thread of the store, not in the database's. The database must still be open. Any number
    /// of times.
    void close();

    /// What is being read or written: what close() has to end.
    class Stream {
    public:
        virtual ~Stream() = default;
        /// Lets go of file and keys. No task of the stream runs any more.
        virtual void abandon() = 0;
        /// Asks for the end.
        virtual void stop() = 0;
        [[nodiscard]] virtual ConversationId conversation() const = 0;
        [[nodiscard]] virtual bool writes() const = 0;
    };
    /// What the store shares with its streams.
    struct Core {
        Core(std::filesystem::path path, VaultDatabase &database, Key32 wrapping, const std::string &vaultId,
             SnapshotBudget budget, const Clock &clock)
            : keys(database, std::move(wrapping), vaultId, clock), folder(std::move(path), keys, budget, clock)
        {
        }
        void add(const std::shared_ptr<Stream> &stream);
        [[nodiscard]] std::vector<std::shared_ptr<Stream>> streams();

        SnapshotKeys keys;
        SnapshotFolder folder;

    private:
        std::mutex m_mutex;
        std::vector<std::weak_ptr<Stream>> m_streams;
    };

private:
    template <class T, class Work>
    [[nodiscard]] Async<T> inLine(Work work);

    std::shared_ptr<Core> m_core;
    WorkThreads m_threads;
};

} // namespace tramontane::vault
