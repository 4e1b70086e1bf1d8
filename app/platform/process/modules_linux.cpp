// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/modules.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

namespace tramontane::process {

std::string folderOfCode(const void *code)
{
    Dl_info found{};
    if (dladdr(code, &found) == 0 || found.dli_fname == nullptr)
        return {};
    std::error_code error;
    const auto path = std::filesystem::canonical(found.dli_fname, error);
    return error ? std::string() : path.parent_path().string();
}

} // namespace tramontane::process
