// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/faults/operation.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tramontane::test {

/// Files and folders below one root by their relative names; nothing: a folder.
using FolderContent = std::map<std::string, std::optional<std::string>>;

[[nodiscard]] FolderContent readFolder(const std::filesystem::path &root);
/// Replaces what is there.
void writeFolder(const FolderContent &content, const std::filesystem::path &root);

/// What a disk may hold after power was lost, by the words of POSIX (fsync(2), rename(2)) and no better: a write counts
/// once its file was synced, a name once its folder was. Everything else may be there or not, each by itself and in any
/// order; of a write that is not synced only some sectors of 512 bytes may be there. Bytes beside a write stay as they
/// are (SQLITE_IOCAP_POWERSAFE_OVERWRITE, which SQLite's own VFS promises). After SQLite's test6.c, which keeps the writes
/// of one file in the same way.
class DiskModel {
public:
    /// Everything in `start` is durable.
    DiskModel(FolderContent start, std::filesystem::path root);

    /// The next operation, in the order in which they were done.
    void apply(const Operation &operation);
    /// One of the possible outcomes; the same for the same seed.
    [[nodiscard]] FolderContent afterPowerLoss(std::uint64_t seed) const;
    /// Whether there is anything that can be lost now.
    [[nodiscard]] bool settled() const;

private:
    struct Change { // of a file's content
        std::uint64_t order = 0;
        bool truncate = false;
        std::uint64_t offset = 0; // or new size
        std::string bytes;
    };
    struct File {
        bool folder = false;
        std::string durable;
        std::vector<Change> pending;
    };
    using FilePtr = std::shared_ptr<File>;
    using Names = std::map<std::string, FilePtr>;
    struct Naming { // of the names in a folder
        std::uint64_t order = 0;
        std::string removed; // empty: none
        std::string added;   // empty: none
        FilePtr file;
    };
    class Loss;

    [[nodiscard]] std::string relative(const std::filesystem::path &path) const;
    [[nodiscard]] FilePtr find(const std::string &name) const;
    [[nodiscard]] std::uint64_t firstPending() const;
    static void sync(File &file);
    void syncFolder(const std::string &folder);
    void name(std::string removed, std::string added, FilePtr file);
    static void rename(Names &names, const Naming &naming);
    static void change(std::string &content, const Change &change);

    std::filesystem::path m_root;
    Names m_now;     // as the program sees it
    Names m_durable; // as a disk without power holds it
    std::vector<Naming> m_pending;
    std::uint64_t m_order = 0;
};

} // namespace tramontane::test
