// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/dynamic_library.h"

#include <dlfcn.h>

namespace tramontane::power {

DynamicLibrary::DynamicLibrary(const std::string &path)
{
    void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle != nullptr)
        m_handle = std::shared_ptr<void>(handle, [](void *library) { dlclose(library); });
    else if (const char *said = dlerror())
        m_problem = said;
}

void *DynamicLibrary::symbol(const char *name) const
{
    return m_handle ? dlsym(m_handle.get(), name) : nullptr;
}

} // namespace tramontane::power
