// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/placing.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kUnfinished = ".unfinished-";

Error occupied(const VaultFiles &files)
{
    return Error{ErrorCode::VaultExists,
                 "There is already something where the vault should be. Nothing was changed; open "
                 "that vault, or choose an empty folder.",
                 files::utf8Path(files.directory)};
}

/// The folders above the vault, one by one, so that exactly these can be taken back.
Status makeParents(const fs::path &directory, Undo &undo)
{
    std::vector<fs::path> missing;
    for (fs::path above = directory.parent_path(); !fs::exists(above) && above.has_relative_path();
         above = above.parent_path())
        missing.push_back(above);
    for (auto above = missing.rbegin(); above != missing.rend(); ++above) {
        if (auto made = files::makePrivateDirectory(*above); !made && made.error().code != ErrorCode::VaultExists)
            return made;
        undo.emptyFolder(*above);
    }
    return {};
}

/// What a creation that was killed left behind holds no data of anybody; one that is still going on holds its lock.
void removeUnfinished(const fs::path &directory)
{
    const std::string prefix = files::utf8Path(directory.filename()) + std::string(kUnfinished);
    std::error_code failure;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(directory.parent_path(), failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (files::utf8Path(entry->path().filename()).starts_with(prefix))
            found.push_back(entry->path());
    }
    for (const fs::path &folder : found) {
        if (files::FileLock::acquire(VaultFiles(folder).lock))
            fs::remove_all(folder, failure);
    }
}

} // namespace

Undo::~Undo()
{
    std::error_code ignored;
    for (auto path = m_paths.rbegin(); path != m_paths.rend(); ++path)
        path->whole ? fs::remove_all(path->path, ignored)
                    : static_cast<std::uintmax_t>(fs::remove(path->path, ignored));
}

Status checkPlace(const VaultFiles &files)
{
    std::error_code failure;
    const auto status = fs::symlink_status(files.directory, failure);
    if (status.type() == fs::file_type::not_found)
        return {};
    // The vault would take the place of the link, not lie where the link leads and where the file system was examined.
    if (fs::is_symlink(status))
        return Error{
            ErrorCode::VaultExists,
            "There is a symbolic link where the vault should be. Nothing was changed; choose the folder itself "
            "that it leads to, or another one.",
            files::utf8Path(files.directory)};
    if (!fs::is_directory(fs::status(files.directory, failure)))
        return occupied(files);
    const bool empty = fs::is_empty(files.directory, failure);
    if (failure)
        return files::fileError(failure, "examining", files.directory);
    return empty ? Status() : Status(occupied(files));
}

fs::path unfinishedFolder(const VaultFiles &place, const std::string &id)
{
    fs::path folder = place.directory;
    return folder += std::string(kUnfinished) + id;
}

Result<Unfinished> beginBeside(const VaultFiles &place, const std::string &id, Undo &undo)
{
    if (auto made = makeParents(place.directory, undo); !made)
        return made.error();
    removeUnfinished(place.directory);
    const fs::path folder = unfinishedFolder(place, id);
    if (auto made = files::makePrivateDirectory(folder); !made)
        return made.error();
    undo.wholeFolder(folder);
    const VaultFiles inside(folder);
    auto lock = files::FileLock::acquire(inside.lock);
    if (!lock)
        return lock.error();
    return Unfinished{inside, std::move(*lock)};
}

Status makeFolders(const VaultFiles &files)
{
    for (const fs::path &folder : {files.attachments, files.snapshots, files.auditOutbox}) {
        if (auto made = files::makePrivateDirectory(folder); !made)
            return made;
    }
    return {};
}

Status moveIntoPlace(Unfinished &vault, const VaultFiles &place, const SyncFolder &syncFolder, Undo &undo)
{
    std::error_code failure;
    if (fs::is_directory(fs::symlink_status(place.directory, failure)))
        fs::remove(place.directory, failure); // if it is empty; anything else stays and stops the rename
    fs::rename(vault.files.directory, place.directory, failure);
    if (failure == std::errc::permission_denied) {
        // Windows moves no folder in which a file is open, and the lock is one.
        vault.lock.release();
        fs::rename(vault.files.directory, place.directory, failure);
        if (!failure)
            undo.wholeFolder(place.directory);
        auto lock = failure ? Result<files::FileLock>(occupied(place)) : files::FileLock::acquire(place.lock);
        if (lock)
            vault.lock = std::move(*lock);
        else if (!failure)
            return lock.error();
    } else if (!failure) {
        undo.wholeFolder(place.directory);
    }
    if (failure == std::errc::directory_not_empty || failure == std::errc::file_exists)
        return occupied(place);
    if (failure)
        return files::fileError(failure, "moving", place.directory);
    return syncFolder(place.directory.parent_path());
}

} // namespace tramontane::vault
