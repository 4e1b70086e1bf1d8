// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/catalog/model_errors.h"

// The engine says the same sentences as the catalogue.
namespace tramontane::engine {

using catalog::modelChanged;
using catalog::modelLoadFailed;
using catalog::modelNotFound;
using catalog::modelUnsupported;

} // namespace tramontane::engine
