// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/snapshot_store.h"
#include "storage/snapshots/snapshot_budget.h"
#include "storage/snapshots/snapshot_file.h"
#include "storage/snapshots/snapshot_keys.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::vault {

/// The folder snapshots/ of a vault: which file belongs to whom, how much they take, and who goes first. A file is named
/// after its key (resources/formats/snapshots.md), so vault.db and the folder are all there is to know. The first call
/// removes what a crash left behind: files half written, files without a key, keys without a file. Files that are not
/// ours are never touched. Calls from any thread but the GUI's and the database's.
class SnapshotFolder {
public:
    /// `keys` and `clock` must outlive the object.
    SnapshotFolder(std::filesystem::path folder, SnapshotKeys &keys, SnapshotBudget budget, const Clock &clock);

    /// A snapshot that is being written. Give it back with release().
    struct Ticket {
        int number = 0;
        ConversationId conversation;
        Key32 key;
        std::filesystem::path path; // of the new file; does not exist yet
    };

    void sweep();
    /// Nothing: there is no such conversation. Errors: those of the database; IoFailed and the like for the folder.
    [[nodiscard]] Result<std::optional<Ticket>> begin(ConversationId conversation);
    /// Sets `bytes` aside for the ticket's file; least recently used snapshots of other conversations go for it. False:
    /// so much is beyond the budget, and nothing was removed. Errors: those of the database and of looking at the disk.
    [[nodiscard]] Result<bool> reserve(const Ticket &ticket, std::uint64_t bytes);
    /// Finishes the file and puts it into the place of the conversation's older one; the size. Nothing: the key
    /// was removed meanwhile, and nothing is left. Errors: those of SnapshotFileWriter::finish and of the database.
    [[nodiscard]] Result<std::optional<std::uint64_t>> publish(const Ticket &ticket, SnapshotFileWriter &writer);
    void release(const Ticket &ticket);

    /// The conversation's snapshot, marked as used now. Errors: NotFound (none, or one that could not be read and was
    /// removed), and those of the database.
    [[nodiscard]] Result<SnapshotFileReader> open(ConversationId conversation);
    /// Removes key and file; what is being written for the conversation will not be published. Errors: those of the
    /// database; IoFailed.
    [[nodiscard]] Status remove(ConversationId conversation);
    /// Removes what was found to be of no use. A newer one that is being written is not touched, and nothing fails.
    void discard(ConversationId conversation);
    /// As remove(), for all of one model, or for all.
    [[nodiscard]] Status clear(const std::optional<Hash32> &modelSha256);
    [[nodiscard]] Result<SnapshotUsage> usage();

private:
    struct File {
        ConversationId conversation;
        std::filesystem::path path;
        std::uint64_t bytes = 0;
        std::filesystem::file_time_type used;
    };
    /// What lies there, told apart.
    struct Content {
        std::vector<File> files;
        std::vector<std::filesystem::path> orphans; // ours, without a key
        std::vector<std::filesystem::path> halves;  // ours, never finished
        std::vector<ConversationId> withoutFile;
        std::vector<std::string> unknown;
    };

    [[nodiscard]] Result<Content> look();
    void sort(const std::filesystem::directory_entry &entry, std::map<std::string, ConversationId> &named,
              Content &content) const;
    void sweepOnce();
    [[nodiscard]] Result<std::uint64_t> allowed(std::uint64_t taken) const;
    enum class Keys { All, UnlessBeingWritten };
    [[nodiscard]] Status removeThese(const std::vector<File> &files, Keys which);
    void discardFile(ConversationId conversation, const std::filesystem::path &path);
    [[nodiscard]] bool isBeingWritten(ConversationId conversation) const;
    [[nodiscard]] std::filesystem::path pathOf(const Key32 &key) const;
    [[nodiscard]] SnapshotOwner ownerOf(ConversationId conversation) const;
    void markUsed(const std::filesystem::path &path) const;

    const std::filesystem::path m_folder;
    SnapshotKeys &m_keys;
    const SnapshotBudget m_budget;
    const Clock &m_clock;
    std::mutex m_mutex; // of all that follows, and of removing and renaming files
    bool m_swept = false;
    int m_tickets = 0;
    struct Writing {
        ConversationId conversation;
        std::uint64_t bytes = 0; // set aside
    };
    std::map<int, Writing> m_writing;
};

/// The name of the file under this key: nobody without the key can tell whose it is.
[[nodiscard]] std::string snapshotFileName(const Key32 &key);

} // namespace tramontane::vault
