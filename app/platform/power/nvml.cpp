// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/nvml.h"

#include "app/platform/power/dynamic_library.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace tramontane::power {

namespace {

// As in nvml.h of NVIDIA's documentation; nvmlReturn_t is an enum, nvmlDevice_t an opaque pointer.
using Device = void *;
struct Memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};
constexpr int kSuccess = 0;
constexpr int kNoPermission = 4;
constexpr int kDriverNotLoaded = 9;
constexpr int kVersionMismatch = 18;
constexpr int kTemperatureOfTheGpu = 0;
constexpr unsigned kMostGpus = 64;
constexpr std::size_t kTextBytes = 96; // NVML_DEVICE_NAME_V2_BUFFER_SIZE

struct Functions {
    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    int (*driverVersion)(char *, unsigned) = nullptr;
    int (*count)(unsigned *) = nullptr;
    int (*handle)(unsigned, Device *) = nullptr;
    int (*name)(Device, char *, unsigned) = nullptr;
    int (*memory)(Device, Memory *) = nullptr;
    int (*capability)(Device, int *, int *) = nullptr;
    int (*temperature)(Device, int, unsigned *) = nullptr;
    int (*power)(Device, unsigned *) = nullptr;
    int (*energy)(Device, unsigned long long *) = nullptr;
};

template <class Function>
bool find(const DynamicLibrary &library, const char *name, Function &function)
{
    function = reinterpret_cast<Function>(library.symbol(name));
    return function != nullptr;
}

bool findAll(const DynamicLibrary &library, Functions &f)
{
    return find(library, "nvmlInit_v2", f.init) && find(library, "nvmlShutdown", f.shutdown)
           && find(library, "nvmlSystemGetDriverVersion", f.driverVersion)
           && find(library, "nvmlDeviceGetCount_v2", f.count)
           && find(library, "nvmlDeviceGetHandleByIndex_v2", f.handle) && find(library, "nvmlDeviceGetName", f.name)
           && find(library, "nvmlDeviceGetMemoryInfo", f.memory)
           && find(library, "nvmlDeviceGetCudaComputeCapability", f.capability)
           && find(library, "nvmlDeviceGetTemperature", f.temperature)
           && find(library, "nvmlDeviceGetPowerUsage", f.power)
           && find(library, "nvmlDeviceGetTotalEnergyConsumption", f.energy);
}

std::string initProblem(int result)
{
    switch (result) {
    case kDriverNotLoaded:
        return "the NVIDIA driver is installed but not running; it may need a restart of the computer";
    case kVersionMismatch: return "the NVIDIA driver was updated and waits for a restart of the computer";
    case kNoPermission: return "this account may not use the NVIDIA driver";
    default: return "the NVIDIA driver does not answer (NVML error " + std::to_string(result) + ")";
    }
}

std::string shown(const std::array<char, kTextBytes> &text)
{
    const auto end = std::find(text.begin(), text.end(), '\0');
    std::string line(text.begin(), end);
    std::erase_if(line, [](char c) { return c < ' ' || c > '~'; });
    return line;
}

} // namespace

struct Nvml::Library {
    std::unique_ptr<DynamicLibrary> library;
    Functions functions;
    bool ready = false;
    std::string problem;
    std::string driverVersion;

    void open(const std::vector<std::string> &paths);
    [[nodiscard]] std::vector<Device> devices() const;
    [[nodiscard]] GpuReport report(Device device) const;
};

void Nvml::Library::open(const std::vector<std::string> &paths)
{
    problem = "no NVIDIA driver is installed";
    for (const std::string &path : paths) {
        std::error_code error;
        const std::filesystem::path file(reinterpret_cast<const char8_t *>(path.c_str()));
        if (!file.is_absolute() || !std::filesystem::exists(file, error))
            continue;
        library = std::make_unique<DynamicLibrary>(path);
        if (!library->isOpen()) {
            problem = "the library of the NVIDIA driver cannot be opened";
            return;
        }
        if (!findAll(*library, functions)) {
            problem = "the NVIDIA driver is too old to be asked";
            return;
        }
        const int result = functions.init();
        ready = result == kSuccess;
        problem = ready ? std::string() : initProblem(result);
        std::array<char, kTextBytes> text{};
        if (ready && functions.driverVersion(text.data(), text.size()) == kSuccess)
            driverVersion = shown(text);
        return;
    }
}

std::vector<Device> Nvml::Library::devices() const
{
    std::vector<Device> found;
    unsigned count = 0;
    if (!ready || functions.count(&count) != kSuccess)
        return found;
    for (unsigned i = 0; i < std::min(count, kMostGpus); ++i) {
        Device device = nullptr;
        if (functions.handle(i, &device) == kSuccess)
            found.push_back(device);
    }
    return found;
}

GpuReport Nvml::Library::report(Device device) const
{
    GpuReport gpu;
    std::array<char, kTextBytes> text{};
    if (functions.name(device, text.data(), text.size()) == kSuccess)
        gpu.name = shown(text);
    Memory memory{};
    if (functions.memory(device, &memory) == kSuccess) {
        gpu.totalBytes = static_cast<std::int64_t>(memory.total);
        gpu.freeBytes = static_cast<std::int64_t>(memory.free);
    }
    int major = 0;
    int minor = 0;
    if (functions.capability(device, &major, &minor) == kSuccess)
        gpu.capability = std::to_string(major) + "." + std::to_string(minor);
    unsigned value = 0;
    if (functions.temperature(device, kTemperatureOfTheGpu, &value) == kSuccess)
        gpu.temperature = static_cast<int>(value);
    if (functions.power(device, &value) == kSuccess)
        gpu.powerMilliwatt = value;
    unsigned long long energy = 0;
    if (functions.energy(device, &energy) == kSuccess)
        gpu.energyMillijoule = static_cast<std::int64_t>(energy);
    return gpu;
}

Nvml::Nvml(const std::vector<std::string> &paths) : m_library(std::make_unique<Library>())
{
    m_library->open(paths);
}

Nvml::~Nvml()
{
    if (m_library && m_library->ready)
        m_library->functions.shutdown();
}

bool Nvml::hasLibrary() const
{
    return m_library->library != nullptr;
}

const std::string &Nvml::problem() const
{
    return m_library->problem;
}

const std::string &Nvml::driverVersion() const
{
    return m_library->driverVersion;
}

std::vector<GpuReport> Nvml::gpus() const
{
    std::vector<GpuReport> reports;
    for (Device device : m_library->devices())
        reports.push_back(m_library->report(device));
    return reports;
}

std::optional<std::int64_t> Nvml::energyMillijoule() const
{
    std::int64_t sum = 0;
    const auto devices = m_library->devices();
    for (Device device : devices) {
        unsigned long long energy = 0;
        if (m_library->functions.energy(device, &energy) != kSuccess)
            return std::nullopt;
        sum += static_cast<std::int64_t>(energy);
    }
    return devices.empty() ? std::nullopt : std::optional(sum);
}

} // namespace tramontane::power
