// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy/policy.h"

#include <filesystem>

namespace tramontane {

/// The folder of machine-managed policies: /etc/tramontane/policies/managed, fixed when the program is compiled. Only a
/// build with TRAMONTANE_TEST_HOOKS takes another one from the environment (TRAMONTANE_POLICY_DIR).
[[nodiscard]] std::filesystem::path managedPolicyFolder();

/// Reads the managed folder and says of each file why it must not be trusted. A file holds only if nobody but root (in a
/// build with test hooks also the account that runs) can have written it: no symbolic links, regular files, right owner,
/// not writable by group or others, and the same for every folder above it. One thread at a time; blocks for the disk.
class ManagedPolicyFiles {
public:
    /// `marker` is a file that is made when a managed source is seen for the first time ("policy-seen"), so that a policy
    /// that vanishes later counts as invalid. Its folder is made when it is missing. Both paths are absolute.
    ManagedPolicyFiles(std::filesystem::path folder, std::filesystem::path marker);

    /// Never fails: what cannot be read is a problem inside the value. A folder that does not exist, or holds no *.json
    /// file, is no source. A marker that cannot be written now is written at a later reading.
    [[nodiscard]] ManagedPolicySources read();

    [[nodiscard]] const std::filesystem::path &folder() const noexcept { return m_folder; }

private:
    [[nodiscard]] bool wasSeen() const;
    void rememberSeen();

    std::filesystem::path m_folder;
    std::filesystem::path m_marker;
    bool m_seen = false;
};

} // namespace tramontane
