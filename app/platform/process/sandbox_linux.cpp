// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/sandbox_layers.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace tramontane::process {

namespace {

constexpr std::uint64_t kRoomForPrograms = std::uint64_t{4}
                                           << 30; // libraries, stacks of threads, the allocator's arenas
constexpr unsigned kFirstOwnDescriptor = 3;
constexpr unsigned kMostDescriptors = 65536; // where the kernel has no close_range
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true; // shadow memory is terabytes of address space
#else
constexpr bool kSanitized = false;
#endif

std::vector<Layer> forbidNewPrivileges(const SandboxRules &)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        return {{"no-new-privileges", true, "No program can give this process more rights."}};
    return {{"no-new-privileges", false, withErrno("The system refused")}};
}

std::vector<Layer> limitAddressSpace(const SandboxRules &rules)
{
    if (rules.addressSpaceBytes == 0)
        return {{"memory", false, "No limit: the driver of the GPU maps the memory of the device."}};
    if (kSanitized)
        return {{"memory", false, "No limit in a build with sanitizers."}};
    const rlimit limit{rules.addressSpaceBytes, rules.addressSpaceBytes};
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        return {{"memory", false, withErrno("The limit of the address space was refused")}};
    return {{"memory", true,
             "At most " + std::to_string(rules.addressSpaceBytes >> 20) + " MiB of addresses can be mapped."}};
}

/// close_range of linux/close_range.h; one by one where the kernel does not have it (before 5.9).
bool closeRange(unsigned first, unsigned last)
{
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
        return true;
    if (errno != ENOSYS)
        return false;
    for (unsigned descriptor = first; descriptor <= std::min(last, kMostDescriptors); ++descriptor)
        close(static_cast<int>(descriptor));
    return true;
}

std::vector<Layer> closeOtherDescriptors(const SandboxRules &rules)
{
    std::vector<int> keep = rules.descriptors;
    std::sort(keep.begin(), keep.end());
    unsigned from = kFirstOwnDescriptor;
    bool closed = true;
    for (const int kept : keep) {
        const auto descriptor = static_cast<unsigned>(kept);
        if (kept < 0 || descriptor < from)
            continue;
        if (descriptor > from)
            closed = closeRange(from, descriptor - 1) && closed;
        from = descriptor + 1;
    }
    closed = closeRange(from, ~0U) && closed;
    if (!closed)
        return {{"descriptors", false, withErrno("Descriptors of before stayed open")}};
    return {{"descriptors", true, "Nothing that was open before can be used but the pipes to the application."}};
}

} // namespace

std::span<const SandboxStep> sandboxSteps()
{
    // Landlock before the filter: its system calls are not on the filter's list, and neither is setting limits.
    static constexpr std::array<SandboxStep, 5> kSteps{{
        {"no-new-privileges", forbidNewPrivileges},
        {"files", restrictPaths},
        {"memory", limitAddressSpace},
        {"syscalls", [](const SandboxRules &rules) { return std::vector<Layer>{filterSystemCalls(rules)}; }},
        {"descriptors", closeOtherDescriptors},
    }};
    return kSteps;
}

SandboxRules runtimeRules()
{
    SandboxRules rules;
    rules.readableFiles = {"/proc/cpuinfo", "/proc/meminfo", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/memory.current",
                           "/sys/fs/cgroup/memory.max"};
    rules.readableFolders = {"/sys/devices/system/cpu", "/sys/devices/system/node"};
    return rules;
}

std::uint64_t addressSpaceFor(std::uint64_t fileBytes)
{
    const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
    const auto memory = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return fileBytes + memory + kRoomForPrograms;
}

std::vector<Layer> enterSandbox(const SandboxRules &rules)
{
    // The time zone is read now: its file is out of reach afterwards.
    tzset();
    std::vector<Layer> layers;
    for (const SandboxStep &step : sandboxSteps()) {
        for (Layer &layer : step.apply(rules))
            layers.push_back(std::move(layer));
    }
    return layers;
}

} // namespace tramontane::process
