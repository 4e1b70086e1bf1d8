// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace tramontane::process {

namespace {

constexpr std::array<std::string_view, 4> kKept = {"LANG", "LC_ALL", "LC_CTYPE", "TZ"};
#ifdef TRAMONTANE_TEST_HOOKS
constexpr std::array<std::string_view, 5> kKeptInTests = {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS",
                                                          "UBSAN_OPTIONS", "TSAN_OPTIONS"};
#else
constexpr std::array<std::string_view, 0> kKeptInTests = {};
#endif

template <std::size_t N>
bool holds(const std::array<std::string_view, N> &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

Layer clearEnvironment()
{
    std::vector<std::string> kept;
    for (char **entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::string_view name = text.substr(0, text.find('='));
        if (name.size() < text.size() && (holds(kKept, name) || holds(kKeptInTests, name)))
            kept.emplace_back(text);
    }
    if (clearenv() != 0)
        return {"environment", false, "The environment could not be cleared."};
    bool complete = true;
    for (const std::string &entry : kept) {
        const auto equals = entry.find('=');
        complete = setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1) == 0 && complete;
    }
    if (!complete)
        return {"environment", false, "The environment could not be cleared."};
    return {"environment", true, "No variable but language and time zone reaches the libraries."};
}

} // namespace tramontane::process
