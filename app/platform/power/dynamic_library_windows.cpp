// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/dynamic_library.h"

#include <windows.h>

#include <filesystem>

namespace tramontane::power {

DynamicLibrary::DynamicLibrary(const std::string &path)
{
    const std::filesystem::path file(reinterpret_cast<const char8_t *>(path.c_str()));
    const HMODULE handle = LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (handle != nullptr)
        m_handle = std::shared_ptr<void>(handle, [](void *library) { FreeLibrary(static_cast<HMODULE>(library)); });
    else
        m_problem = "error " + std::to_string(GetLastError());
}

void *DynamicLibrary::symbol(const char *name) const
{
    return m_handle ? reinterpret_cast<void *>(GetProcAddress(static_cast<HMODULE>(m_handle.get()), name)) : nullptr;
}

} // namespace tramontane::power
