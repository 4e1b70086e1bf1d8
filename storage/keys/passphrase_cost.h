// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/keys/passphrase_key.h"

#include <chrono>
#include <functional>

namespace tramontane::vault {

/// How long a passphrase's key should take on the machine that makes the slot.
inline constexpr std::chrono::milliseconds kShortestDerivation{500};
inline constexpr std::chrono::milliseconds kLongestDerivation{1000};

/// Derives one key at this cost and says how long it took. Errors: Internal (the memory cannot be had).
using MeasureCost = std::function<Result<std::chrono::nanoseconds>(const KdfParameters &)>;

/// The cost at which a derivation takes between kShortestDerivation and kLongestDerivation on this machine, within the
/// bounds of KdfParameters: as much memory as fits with three passes, and more passes only when the memory is at its
/// limit, because memory is what guessing with special hardware lacks (RFC 9106, section 4). A machine too slow for that
/// gets the least cost, one too fast the greatest, and one without the memory less of it. At most six measurements.
/// Errors: Internal when not even the least cost can be had.
[[nodiscard]] Result<KdfParameters> tunedCost(const MeasureCost &measure);

/// tunedCost() with real derivations: a few seconds at the most, off the GUI thread.
[[nodiscard]] Result<KdfParameters> tunedCostOfThisMachine();

} // namespace tramontane::vault
