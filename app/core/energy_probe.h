// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tramontane {

/// Counts the energy that this computer uses. Calls: the thread that owns it; they take microseconds.
class EnergyProbe {
public:
    virtual ~EnergyProbe() = default;
    /// Since an arbitrary moment; never less than before. Nothing: not measured, see problem().
    [[nodiscard]] virtual std::optional<std::int64_t> microjoules() = 0;
    /// What counts: "RAPL".
    [[nodiscard]] virtual std::string source() const = 0;
    /// Why it cannot be measured, without a full stop at the end; empty when it can.
    [[nodiscard]] virtual std::string problem() const = 0;
};

} // namespace tramontane
