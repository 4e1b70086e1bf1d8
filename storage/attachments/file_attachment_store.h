// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/attachment_store.h"
#include "storage/attachments/attachment_rows.h"
#include "storage/tasks/work_threads.h"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>

namespace tramontane::vault {

/// AttachmentStore in the folder attachments/ of a vault. `database` and `clock` must outlive the store; readers and
/// additions may outlive it and then answer VaultLocked.
class FileAttachmentStore final : public AttachmentStore {
public:
    FileAttachmentStore(std::filesystem::path folder, VaultDatabase &database, Key32 wrapping,
                        const std::string &vaultId, const Clock &clock);
    /// Closes if close() was not called before. Not in a thread of the store.
    ~FileAttachmentStore() override;

    [[nodiscard]] std::shared_ptr<AttachmentAddition> add(NewAttachment attachment) override;
    [[nodiscard]] Async<std::vector<Attachment>> list(ConversationId conversation) override;
    [[nodiscard]] Async<Attachment> find(AttachmentId attachment) override;
    [[nodiscard]] Async<std::shared_ptr<AttachmentReader>> read(AttachmentId attachment) override;
    [[nodiscard]] Async<int> sweep() override;

    /// Ends what runs after the piece that it is at, removes what is half written, wipes the keys. Waits for that: not in
    /// a thread of the store, not in the database's. The database must still be open. Any number of times.
    void close();
    /// Held by whoever puts files into the folder before their rows: nothing is swept meanwhile. Not in the database's
    /// thread.
    [[nodiscard]] std::mutex &publishing() { return m_core->publishing; }

    /// What is being read: close() takes its file and key away.
    class Stream {
    public:
        virtual ~Stream() = default;
        /// No task of the stream runs any more.
        virtual void abandon() = 0;
    };
    /// What the store shares with its streams.
    struct Core {
        Core(std::filesystem::path path, VaultDatabase &database, Key32 wrapping, const std::string &vaultId,
             const Clock &time)
            : folder(std::move(path)), rows(database, std::move(wrapping), vaultId), clock(time)
        {
        }
        [[nodiscard]] std::filesystem::path pathOf(const Key32 &key) const;
        /// In a thread of the store. Errors: as AttachmentStore::sweep.
        [[nodiscard]] Result<int> sweep();
        void add(const std::shared_ptr<Stream> &stream);
        [[nodiscard]] std::vector<std::shared_ptr<Stream>> streams();

        const std::filesystem::path folder;
        AttachmentRows rows;
        const Clock &clock;
        std::atomic<bool> closing = false;
        /// Held from a file's taking its name to the commit of its row, and while files without rows are removed.
        std::mutex publishing;
        std::mutex mutex;                           // of what follows
        std::set<std::filesystem::path> unfinished; // being written now

    private:
        std::vector<std::weak_ptr<Stream>> m_streams;
    };

private:
    std::shared_ptr<Core> m_core;
    WorkThreads m_threads;
};

} // namespace tramontane::vault
