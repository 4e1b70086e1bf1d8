// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/sampling.h"

namespace tramontane {

/// Holds every value against the range that SamplingParameters states. Any thread.
/// Errors: InvalidArgument; the message names the value and its range.
[[nodiscard]] Status checkSampling(const SamplingParameters &sampling);

} // namespace tramontane
