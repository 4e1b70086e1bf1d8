// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/files/file_lock.h"
#include "storage/directory/database_swap.h"
#include "storage/directory/vault_files.h"

#include <filesystem>
#include <string>
#include <vector>

// How a vault comes to its place as a whole: it is filled in a folder beside it and moved there. Off the GUI thread.
namespace tramontane::vault {

/// Removes what was made, unless it is kept.
class Undo {
public:
    Undo() = default;
    ~Undo();
    Undo(const Undo &) = delete;
    Undo &operator=(const Undo &) = delete;
    /// A folder with all that is in it.
    void wholeFolder(const std::filesystem::path &path) { m_paths.push_back({path, true}); }
    /// A folder, if it is empty by then.
    void emptyFolder(const std::filesystem::path &path) { m_paths.push_back({path, false}); }
    void keepAll() { m_paths.clear(); }

private:
    struct Made {
        std::filesystem::path path;
        bool whole;
    };
    std::vector<Made> m_paths;
};

/// A vault in a folder of its own beside its place, locked by us.
struct Unfinished {
    VaultFiles files;
    files::FileLock lock;
};

/// Errors: VaultExists when anything but an empty folder lies there, also a link; IoFailed.
[[nodiscard]] Status checkPlace(const VaultFiles &files);

/// Where an unfinished vault with this id lies.
[[nodiscard]] std::filesystem::path unfinishedFolder(const VaultFiles &place, const std::string &id);

/// Makes the folders above the place and an empty, locked one beside it, and removes those whose makers were killed. Errors:
/// NoSpace, StorageReadOnly, IoFailed.
[[nodiscard]] Result<Unfinished> beginBeside(const VaultFiles &place, const std::string &id, Undo &undo);

/// attachments/, snapshots/ and audit-outbox/. Errors: those of makePrivateDirectory.
[[nodiscard]] Status makeFolders(const VaultFiles &files);

/// `undo` also takes back what is in its place already when a later step fails. Errors: VaultExists, IoFailed.
[[nodiscard]] Status moveIntoPlace(Unfinished &vault, const VaultFiles &place, const SyncFolder &syncFolder,
                                   Undo &undo);

} // namespace tramontane::vault
