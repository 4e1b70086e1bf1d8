// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "inference/catalog/gguf_file.h"

#include <vector>

namespace tramontane::catalog {

/// What checked files say of the model in them (keys: ggml/docs/gguf.md). A key of another type than expected counts as
/// absent; texts are repaired. Fills in `facts` as far as the keys go. Not filled in: sha256. Any thread.
[[nodiscard]] ModelDescription summarise(const std::vector<GgufFile> &parts);

} // namespace tramontane::catalog
