// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/energy_probe.h"
#include "app/platform/power/nvml.h"
#include "app/platform/power/rapl.h"

#include <future>

namespace tramontane::power {

/// Processor (RAPL) and GPUs (NVML) of this computer. Where a GPU is there, both must be readable: the energy of a part
/// is not shown as that of the whole. Opening the driver takes its time, so another thread does that; until it is done
/// nothing is measured. The thread that owns it.
class SystemEnergy final : public EnergyProbe {
public:
    SystemEnergy() : SystemEnergy(Nvml::usualPaths(), "/sys/class/powercap") {}
    SystemEnergy(std::vector<std::string> nvmlPaths, std::filesystem::path powercap);

    [[nodiscard]] std::optional<std::int64_t> microjoules() override;
    [[nodiscard]] std::string source() const override;
    [[nodiscard]] std::string problem() const override;

private:
    struct Meters {
        Meters(const std::vector<std::string> &nvmlPaths, std::filesystem::path powercap);
        Nvml nvml;
        Rapl rapl;
        bool hasGpu;
    };
    /// Null while they are being opened.
    [[nodiscard]] Meters *meters() const;

    std::shared_future<std::shared_ptr<Meters>> m_meters;
};

} // namespace tramontane::power
