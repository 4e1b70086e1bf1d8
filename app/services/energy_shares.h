// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/energy_probe.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace tramontane {

/// What an answer has used, or why that is not known.
struct EnergyUse {
    std::optional<std::int64_t> milliJoule;
    std::string source;      // "RAPL"; empty when not measured
    std::string notMeasured; // why; empty when measured
};

/// Divides what the computer uses among the answers that are being made: whatever is used between two moments at which
/// an answer begins or ends is shared equally by those that run. What the computer uses for other things in the
/// meantime is in it, too. One thread.
class EnergyShares {
public:
    using Id = std::uint64_t;

    /// `probe` may be null: nothing is measured then.
    explicit EnergyShares(EnergyProbe *probe) : m_probe(probe) {}

    [[nodiscard]] Id begin();
    /// Of an answer that ends now. An unknown id has used nothing that is known.
    [[nodiscard]] EnergyUse end(Id id);

private:
    struct Share {
        double microJoule = 0;
        bool complete = true;
    };
    void divide();

    EnergyProbe *m_probe;
    std::map<Id, Share> m_running;
    std::optional<std::int64_t> m_last;
    Id m_next = 1;
};

/// Milligrams of CO2 equivalent for a factor in grams per kilowatt-hour; nothing without one, or without a measurement.
[[nodiscard]] std::optional<double> co2Milligrams(const EnergyUse &use, std::int64_t gramsPerKilowattHour);

} // namespace tramontane
