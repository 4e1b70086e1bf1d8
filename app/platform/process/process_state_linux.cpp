// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/process_state.h"

#include <fstream>
#include <iterator>
#include <string>

namespace tramontane::process {

bool isStopped(std::int64_t processId)
{
    std::ifstream file("/proc/" + std::to_string(processId) + "/stat");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    // The name of the program stands in brackets and may hold any character.
    const auto name = text.rfind(") ");
    const char state = name == std::string::npos || name + 2 >= text.size() ? '?' : text[name + 2];
    return state == 'T' || state == 't';
}

} // namespace tramontane::process
