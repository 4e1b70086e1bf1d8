// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"

#include <windows.h>

#include <array>

namespace tramontane::files {

Result<bool> isNetworkFileSystem(const std::filesystem::path &path)
{
    const auto existing = nearestExisting(path);
    std::array<wchar_t, MAX_PATH + 1> volume{};
    if (!::GetVolumePathNameW(existing.c_str(), volume.data(), static_cast<DWORD>(volume.size())))
        return fileError({static_cast<int>(::GetLastError()), std::system_category()}, "examining", existing);
    const UINT type = ::GetDriveTypeW(volume.data());
    return type == DRIVE_REMOTE || type == DRIVE_NO_ROOT_DIR; // a share without a drive letter has no root
}

} // namespace tramontane::files
