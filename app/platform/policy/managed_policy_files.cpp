// SPDX-License-Identifier: Apache-2.0
#include "app/platform/policy/managed_policy_files.h"

#include "app/platform/policy/trusted_folder.h"

#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

namespace tramontane {

std::filesystem::path managedPolicyFolder()
{
#ifdef TRAMONTANE_TEST_HOOKS
    if (const char *folder = std::getenv("TRAMONTANE_POLICY_DIR"); folder && *folder)
        return folder;
#endif
    return "/etc/tramontane/policies/managed";
}

ManagedPolicyFiles::ManagedPolicyFiles(std::filesystem::path folder, std::filesystem::path marker)
    : m_folder(std::move(folder)), m_marker(std::move(marker))
{
}

ManagedPolicySources ManagedPolicyFiles::read()
{
    trusted::FolderContent content = trusted::readFolder(m_folder);
    const bool seenNow = !content.problem.empty() || !content.files.empty();
    if (seenNow)
        rememberSeen();
    return {std::move(content.files), std::move(content.problem), seenNow || wasSeen()};
}

bool ManagedPolicyFiles::wasSeen() const
{
    std::error_code failure;
    const auto status = std::filesystem::symlink_status(m_marker, failure);
    // A marker that cannot be looked at counts as one: the other answer would lift a policy.
    return m_seen || (status.type() != std::filesystem::file_type::not_found);
}

void ManagedPolicyFiles::rememberSeen()
{
    m_seen = true;
    std::error_code ignored;
    if (std::filesystem::exists(m_marker, ignored))
        return;
    const auto parent = m_marker.parent_path();
    if (std::filesystem::create_directories(parent, ignored))
        std::filesystem::permissions(parent, std::filesystem::perms::owner_all, ignored);
    std::ofstream(m_marker)
        << "A machine policy was found here. While this file exists, a missing policy is a fault.\n";
}

} // namespace tramontane
