// SPDX-License-Identifier: Apache-2.0
#include "app/platform/account/account.h"

#include <array>
#include <windows.h>
// After windows.h, on whose types it relies.
#include <lmcons.h>

namespace tramontane {

std::string accountName()
{
    std::array<wchar_t, UNLEN + 1> wide{};
    DWORD size = DWORD(wide.size());
    if (GetUserNameW(wide.data(), &size) == 0 || size < 2)
        return {};
    std::array<char, UNLEN * 4 + 1> name{};
    const int bytes =
        WideCharToMultiByte(CP_UTF8, 0, wide.data(), int(size) - 1, name.data(), int(name.size()), nullptr, nullptr);
    return std::string(name.data(), std::size_t(bytes));
}

} // namespace tramontane
