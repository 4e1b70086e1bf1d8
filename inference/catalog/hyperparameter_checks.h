// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

namespace tramontane::catalog {

/// The numbers of `general.architecture`: counts of layers, heads and experts, epsilons, and how positions are scaled.
/// Refuses what the pinned llama.cpp answers with GGML_ASSERT, which ends the process (llama_model_base::load_hparams,
/// LLAMA_MAX_LAYERS, LLAMA_MAX_EXPERTS, ggml_norm and ggml_rms_norm), and counts that no model comes near. What is not
/// there is not looked at. Errors: ModelNotGguf, with the key in the detail. Any thread.
[[nodiscard]] Status checkHyperparameters(const GgufFile &first);

} // namespace tramontane::catalog
