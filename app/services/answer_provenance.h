// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/core/conversation.h"
#include "app/core/model.h"

#include <string>

namespace tramontane {

/// Sampling parameters as compact JSON with sorted keys; with the seed that was used, enough to run the answer again.
[[nodiscard]] std::string parametersJson(const SamplingParameters &sampling, const AnswerShape &shape,
                                         std::uint32_t usedSeed);
/// How the model was put to work: context, threads, batch sizes, flash attention, KV types, deterministic or not.
[[nodiscard]] std::string modeJson(const LoadedModel &loaded, bool deterministic);

/// Everything but contextJson and policySha256, which the caller adds. Any thread.
[[nodiscard]] Provenance answerProvenance(const LoadedModel &loaded, const GenerationRequest &request,
                                          const GenerationResult &result);

} // namespace tramontane
