// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// NVIDIA's management library (docs.nvidia.com/deploy/nvml-api), opened at run time: nothing of it is needed to build or
// to start. One thread at a time.
namespace tramontane::power {

struct GpuReport {
    std::string name;
    std::string capability; // "12.0"; empty: not said
    std::int64_t totalBytes = 0;
    std::int64_t freeBytes = 0;
    std::optional<int> temperature;               // degrees Celsius
    std::optional<std::int64_t> powerMilliwatt;   // now
    std::optional<std::int64_t> energyMillijoule; // since the driver was loaded
};

class Nvml {
public:
    /// Opens the first of `paths` that there is. Never fails: problem() says in words why there is nothing to report.
    explicit Nvml(const std::vector<std::string> &paths = usualPaths());
    ~Nvml();
    Nvml(const Nvml &) = delete;
    Nvml &operator=(const Nvml &) = delete;

    /// Where drivers put the library; absolute.
    [[nodiscard]] static std::vector<std::string> usualPaths();

    /// Whether the library of a driver is on this computer.
    [[nodiscard]] bool hasLibrary() const;
    /// Empty when GPUs can be asked. A sentence without a full stop at the end otherwise.
    [[nodiscard]] const std::string &problem() const;
    [[nodiscard]] const std::string &driverVersion() const;
    /// What each GPU says now.
    [[nodiscard]] std::vector<GpuReport> gpus() const;
    /// Of all GPUs together, since an arbitrary moment; nothing when one of them does not count it.
    [[nodiscard]] std::optional<std::int64_t> energyMillijoule() const;

private:
    struct Library;
    std::unique_ptr<Library> m_library;
};

} // namespace tramontane::power
