// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/frame.h"

#include <vector>

namespace tramontane::protocol {

/// At least one frame of every type, with every optional field both there and absent.
std::vector<Frame> sampleFrames();

} // namespace tramontane::protocol
