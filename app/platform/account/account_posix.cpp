// SPDX-License-Identifier: Apache-2.0
#include "app/platform/account/account.h"

#include <array>
#include <pwd.h>
#include <unistd.h>

namespace tramontane {

std::string accountName()
{
    passwd entry{};
    passwd *found = nullptr;
    std::array<char, 16384> buffer{};
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return {};
    return found->pw_name;
}

} // namespace tramontane
