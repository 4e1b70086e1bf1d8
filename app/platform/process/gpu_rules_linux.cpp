// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"

#include <array>
#include <string>

namespace tramontane::process {

namespace {

constexpr int kMostGpus = 16;

/// What the user-mode driver opens (NVIDIA's README for Linux, "The NVIDIA driver's device nodes"): control, one node a GPU,
/// unified memory. Display, fabric and capability nodes of MIG are not needed by a process that computes on whole GPUs.
constexpr std::array<const char *, 3> kDevices = {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools"};
/// Descriptions that it reads: versions, parameters, the list of devices on the bus, its own cgroup and memory map.
constexpr std::array<const char *, 4> kFolders = {"/proc/driver/nvidia", "/sys/bus/pci/devices",
                                                  "/sys/devices/pci0000:00", "/sys/module/nvidia"};
constexpr std::array<const char *, 3> kFiles = {"/proc/devices", "/proc/sys/vm/mmap_min_addr", "/proc/modules"};

} // namespace

void addGpu(SandboxRules &rules)
{
    rules.devices.assign(kDevices.begin(), kDevices.end());
    for (int number = 0; number < kMostGpus; ++number)
        rules.devices.push_back("/dev/nvidia" + std::to_string(number));
    rules.readableFolders.insert(rules.readableFolders.end(), kFolders.begin(), kFolders.end());
    rules.readableFiles.insert(rules.readableFiles.end(), kFiles.begin(), kFiles.end());
    rules.addressSpaceBytes = 0;
}

} // namespace tramontane::process
