// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tramontane::test {

/// Gives this process mounts of its own, so that a test can have full and read-only disks without touching the
/// machine. Call first in main(), before any thread. False when the system does not allow it; tests then skip.
[[nodiscard]] bool enterPrivateMounts();

/// A tmpfs of `bytes` on `folder` (which must exist) that goes with the object. Linux only.
class SmallDisk {
public:
    SmallDisk(const std::filesystem::path &folder, std::uint64_t bytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    [[nodiscard]] bool mounted() const { return m_mounted; }
    [[nodiscard]] const std::filesystem::path &path() const { return m_folder; }
    /// Fills what is left with a file "filler", less `spare` bytes.
    bool fill(std::uint64_t spare = 0) const;
    bool makeRoom() const;
    bool resize(std::uint64_t bytes) const;
    bool setReadOnly(bool readOnly) const;

private:
    std::filesystem::path m_folder;
    bool m_mounted = false;
};

/// The content of every file below `folder`, by relative name: equal before and after means byte-identical.
[[nodiscard]] std::string snapshotOf(const std::filesystem::path &folder);

} // namespace tramontane::test
