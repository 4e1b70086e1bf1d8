// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

#include <string>
#include <vector>

// The LoRA adapters of one answer, from what a person names to what the engine is told. Pure functions, any thread.
namespace tramontane {

/// An adapter as a person names it.
struct AdapterWish {
    std::string path; // of its file
    double scale = 1; // how strongly it works; 0: not at all, below 0: the other way
};

/// An adapter whose file was read in the sandbox, for a model.
struct AnswerAdapter {
    ModelRef file; // a null id: adapters are not in the catalogue
    double scale = 1;
};

/// What can be refused before any file is read. Errors: InvalidArgument (more than 16, a scale out of range).
[[nodiscard]] Status checkWishes(const std::vector<AdapterWish> &wishes);
/// Adds an adapter, so that they stand in the order of their hashes: the order in which they were named means nothing.
/// Errors: ModelUnsupported (no adapter, or one of another architecture than the model's), InvalidArgument (it is there
/// already); nothing is added then.
[[nodiscard]] Status addAdapter(std::vector<AnswerAdapter> &adapters, AnswerAdapter adapter,
                                const ModelDescription &model);
/// For LoadOptions::adapters.
[[nodiscard]] std::vector<AdapterFile> adapterFiles(const std::vector<AnswerAdapter> &adapters);
/// For GenerationRequest::adapters.
[[nodiscard]] std::vector<AdapterScale> adapterScales(const std::vector<AnswerAdapter> &adapters);

} // namespace tramontane
