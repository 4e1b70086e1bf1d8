// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/sandbox_layers.h"

#include <sys/prctl.h>

#include <ctime>

namespace tramontane::process {

SandboxRules runtimeRules()
{
    return {{"/proc/cpuinfo", "/proc/meminfo", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/memory.current",
             "/sys/fs/cgroup/memory.max"},
            {"/sys/devices/system/cpu", "/sys/devices/system/node"}};
}

std::vector<Layer> enterSandbox(const SandboxRules &rules)
{
    // The time zone is read now: its file is out of reach afterwards.
    tzset();
    std::vector<Layer> layers;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        layers.push_back({"no-new-privileges", true, "No program can give this process more rights."});
    else
        layers.push_back({"no-new-privileges", false, withErrno("The system refused")});
    // Landlock first: its system calls are not on the filter's list.
    for (Layer &layer : restrictPaths(rules))
        layers.push_back(std::move(layer));
    layers.push_back(filterSystemCalls());
    return layers;
}

} // namespace tramontane::process
