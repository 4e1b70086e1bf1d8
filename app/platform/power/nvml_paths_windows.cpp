// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/nvml.h"

#include <windows.h>

#include <array>
#include <filesystem>

namespace tramontane::power {

std::vector<std::string> Nvml::usualPaths()
{
    std::array<wchar_t, MAX_PATH> folder{};
    const UINT length = GetSystemDirectoryW(folder.data(), folder.size());
    if (length == 0 || length >= folder.size())
        return {};
    const std::u8string path = (std::filesystem::path(folder.data()) / "nvml.dll").u8string();
    return {std::string(reinterpret_cast<const char *>(path.c_str()))};
}

} // namespace tramontane::power
