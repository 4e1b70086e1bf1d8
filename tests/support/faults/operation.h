// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tramontane::test {

/// What a program can ask of a disk, as far as faults and power loss can tell it apart.
enum class OperationKind {
    Open,    // of a file that is there
    Examine, // size, existence, locks
    Read,
    CreateFile,
    Write,
    Truncate,
    Sync,       // of a file's content
    SyncFolder, // of the names in a folder
    Remove,     // file or empty folder
    Rename,
    CreateFolder,
};

/// One operation that succeeded. Paths are absolute.
struct Operation {
    OperationKind kind = OperationKind::Read;
    std::filesystem::path path;
    std::filesystem::path target = {}; // Rename
    std::uint64_t offset = 0;          // Write; Truncate: the new size
    std::string bytes = {};            // Write
};

/// Whether it needs room on the disk.
[[nodiscard]] constexpr bool takesRoom(OperationKind kind)
{
    return kind == OperationKind::CreateFile || kind == OperationKind::Write || kind == OperationKind::CreateFolder;
}

/// Whether the content of the disk is another one afterwards, or is safer.
[[nodiscard]] constexpr bool matters(OperationKind kind)
{
    return kind != OperationKind::Open && kind != OperationKind::Examine && kind != OperationKind::Read;
}

} // namespace tramontane::test
