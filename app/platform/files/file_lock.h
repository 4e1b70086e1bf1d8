// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace tramontane::files {

/// Owns a file for this process by a lock of the operating system (flock, LockFileEx): it goes with the process,
/// however that ends, and a file that was left behind means nothing. What the file says about its holder is for
/// messages only. Move-only. The file is never removed, because a lock on a removed file would own nothing.
class FileLock {
public:
    /// Takes the lock, making the file (mode 0600) if it is not there. What the file says stays as it was. Waits at
    /// most 0.1 s, for somebody who only looks (holder()). Errors: VaultInUse (the message names the holder if the
    /// file does), StorageReadOnly (no file, and none can be made), NoSpace, NotFound (no folder), IoFailed.
    [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path &path);
    /// Who holds the lock now, as announced ("tramontane, process 4711"), or "another program"; empty: nobody.
    [[nodiscard]] static std::string holder(const std::filesystem::path &path);

    /// Writes program and process id into the file. A disk that cannot be written is no reason to fail.
    void announce(std::string_view program);
    /// Gives the lock up and empties the file if it was announced.
    void release() noexcept;

    ~FileLock() { release(); }
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&other) noexcept;
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

private:
    using Handle = std::intptr_t;
    static constexpr Handle kNone = -1;
    explicit FileLock(Handle handle) : m_handle(handle) {}

    Handle m_handle = kNone;
    bool m_announced = false;
};

/// The sentence for VaultInUse. `announced` is what the lock file says; anything but the form that announce() writes
/// counts as unknown.
[[nodiscard]] std::string holderText(std::string_view announced);
/// What announce() writes.
[[nodiscard]] std::string announcement(std::string_view program, long long process);

} // namespace tramontane::files
