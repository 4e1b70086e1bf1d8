// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/system_energy.h"

namespace tramontane::power {

SystemEnergy::Meters::Meters(const std::vector<std::string> &nvmlPaths, std::filesystem::path powercap)
    : nvml(nvmlPaths), rapl(std::move(powercap)), hasGpu(!nvml.gpus().empty())
{
}

SystemEnergy::SystemEnergy(std::vector<std::string> nvmlPaths, std::filesystem::path powercap)
    : m_meters(std::async(std::launch::async, [nvmlPaths = std::move(nvmlPaths), powercap = std::move(powercap)] {
          return std::make_shared<Meters>(nvmlPaths, powercap);
      }))
{
}

SystemEnergy::Meters *SystemEnergy::meters() const
{
    const bool ready = m_meters.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    return ready ? m_meters.get().get() : nullptr;
}

std::optional<std::int64_t> SystemEnergy::microjoules()
{
    Meters *found = meters();
    const auto processor = found != nullptr ? found->rapl.microjoules() : std::nullopt;
    if (!processor || !found->hasGpu)
        return processor;
    const auto gpus = found->nvml.energyMillijoule();
    return gpus ? std::optional(*processor + 1000 * *gpus) : std::nullopt;
}

std::string SystemEnergy::source() const
{
    const Meters *found = meters();
    return found != nullptr && found->hasGpu ? "RAPL and NVML" : "RAPL";
}

std::string SystemEnergy::problem() const
{
    const Meters *found = meters();
    if (found == nullptr)
        return "the energy counters were still being opened";
    if (!found->rapl.problem().empty())
        return found->rapl.problem();
    return found->hasGpu && !found->nvml.energyMillijoule() ? "the GPU does not count its energy" : std::string();
}

} // namespace tramontane::power
