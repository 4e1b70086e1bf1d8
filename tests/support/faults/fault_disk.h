// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/faults/operation.h"

#include <optional>
#include <vector>

/// The disk as the two ways to it report to it: SQLite's calls through a VFS of our own (fault_vfs.h), all others through
/// the file calls that a test program takes over (file_calls_linux.cpp). State of the process, as the disk itself is:
/// neither SQLite nor the C library can be handed an object. Any thread.
namespace tramontane::test::fault_disk {

enum class Fault {
    IoError, // EIO
    NoSpace, // ENOSPC; only for what takes room
    Short,   // half of a read or write happens
};

/// The n-th operation that the fault can befall fails, counted from 1; with `sticky` all such after it, too.
struct Plan {
    Fault fault = Fault::IoError;
    std::uint64_t nth = 1;
    bool sticky = false;
};

/// From here on operations below `root` count. Ends an earlier watch.
void watch(const std::filesystem::path &root);
/// Nothing fails, nothing is counted or kept any more.
void leave();

/// Starts keeping the operations that change the disk.
void record();
/// How many are kept: a point in time.
[[nodiscard]] std::size_t position();
/// Ends keeping; what was kept.
[[nodiscard]] std::vector<Operation> recorded();

/// Starts counting anew. Nothing: no faults.
void plan(std::optional<Plan> plan);
/// Whether the planned fault has come.
[[nodiscard]] bool struck();

// For the two ways to the disk.

/// Whether `path` is watched.
[[nodiscard]] bool watched(const std::filesystem::path &path);
/// To be asked before each operation on a watched path; the answer has to be obeyed.
[[nodiscard]] std::optional<Fault> fate(OperationKind kind);
/// To be told after each that succeeded.
void done(Operation operation);

/// As long as one lives, the file calls of its thread are somebody else's to report.
class Reporting {
public:
    Reporting();
    ~Reporting();
    Reporting(const Reporting &) = delete;
    Reporting &operator=(const Reporting &) = delete;
    [[nodiscard]] static bool byThisThread();
};

} // namespace tramontane::test::fault_disk
