// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>

namespace tramontane::process {

namespace {

constexpr std::int64_t kKibi = 1024;

/// One number of a file that holds nothing else; -1 for "max", or when there is no such file.
std::int64_t numberIn(const char *path)
{
    std::int64_t value = -1;
    std::ifstream file(path);
    return file >> value ? value : -1;
}

} // namespace

MachineMemory machineMemory()
{
    MachineMemory memory;
    std::ifstream file("/proc/meminfo");
    std::string name;
    std::string unit;
    std::int64_t value = 0;
    while (file >> name >> value) {
        std::getline(file, unit);
        if (name == "MemTotal:")
            memory.totalBytes = value * kKibi;
        if (name == "MemAvailable:")
            memory.availableBytes = value * kKibi;
    }
    const std::int64_t most = numberIn("/sys/fs/cgroup/memory.max");
    const std::int64_t used = numberIn("/sys/fs/cgroup/memory.current");
    if (most >= 0 && used >= 0) {
        memory.totalBytes = std::min(memory.totalBytes, most);
        memory.availableBytes = std::min(memory.availableBytes, std::max<std::int64_t>(0, most - used));
    }
    return memory;
}

OwnMemory::OwnMemory()
{
    if (std::FILE *file = std::fopen("/proc/self/statm", "re")) {
        std::setvbuf(file, nullptr, _IONBF, 0); // each reading is a new one
        m_file = std::shared_ptr<std::FILE>(file, [](std::FILE *open) { std::fclose(open); });
    }
}

std::vector<int> OwnMemory::descriptors() const
{
    return m_file ? std::vector<int>{fileno(m_file.get())} : std::vector<int>{};
}

std::int64_t OwnMemory::residentBytes() const
{
    std::array<char, 128> text{};
    if (!m_file || std::fseek(m_file.get(), 0, SEEK_SET) != 0
        || std::fgets(text.data(), static_cast<int>(text.size()), m_file.get()) == nullptr)
        return 0;
    std::int64_t total = 0;
    std::int64_t resident = 0;
    std::istringstream numbers(text.data());
    return numbers >> total >> resident ? resident * std::int64_t{sysconf(_SC_PAGESIZE)} : 0;
}

} // namespace tramontane::process
