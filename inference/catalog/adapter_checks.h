// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

#include <vector>

// LoRA adapters as GGUF files: keys and pairs of tensors as convert_lora_to_gguf.py writes them and llama-adapter.cpp
// reads them (llama.cpp). The runtime trusts types and shapes where it computes, so all of them are checked here first.
// Any thread.
namespace tramontane::catalog {

/// Whether the file calls itself an adapter (general.type). It may still be a bad one.
[[nodiscard]] bool isAdapter(const GgufFile &file);

/// What can be checked without the model: adapter.type is "lora"; the architecture is known; alpha is a finite number;
/// every tensor is one half of a pair (NAME.lora_a, NAME.lora_b) or a norm, which the runtime ignores; the halves fit each
/// other and are of a type that it computes with. Errors: ModelUnsupported (another kind of adapter, one that only works
/// from certain tokens on (aLoRA), an unknown architecture), ModelNotGguf (contradictions).
[[nodiscard]] Status checkAdapter(const GgufFile &adapter);

/// Whether a checked adapter belongs to this model (its files, checked as well): the same architecture, and each pair is
/// for a tensor that the model has, in its sizes. Errors: ModelUnsupported.
[[nodiscard]] Status checkAdapterFits(const GgufFile &adapter, const std::vector<GgufFile> &model);

/// What a checked adapter says of itself. Not filled in: sha256.
[[nodiscard]] ModelDescription summariseAdapter(const GgufFile &adapter);

} // namespace tramontane::catalog
