// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/core/conversation.h"
#include "app/core/model.h"
#include "app/core/sampling.h"
#include "app/services/energy_shares.h"

#include <string>
#include <vector>

namespace tramontane {

/// Sampling parameters as compact JSON with sorted keys; with the seed that was used, enough to run the answer again.
[[nodiscard]] std::string parametersJson(const SamplingParameters &sampling, const AnswerShape &shape,
                                         std::uint32_t usedSeed);
/// How the model was put to work: context, threads, batch sizes, flash attention, KV types, deterministic or not, and the
/// adapters with their scales where there are any.
[[nodiscard]] std::string modeJson(const LoadedModel &loaded, bool deterministic,
                                   const std::vector<AdapterScale> &adapters = {});

/// The same with what is known of the energy: "energy_source", or why it was not measured in "energy_not_measured", and
/// "co2e_mg" where policy has a factor.
[[nodiscard]] std::string withEnergy(const std::string &mode, const EnergyUse &use, std::int64_t gramsPerKilowattHour);

/// Everything but contextJson and policySha256, which the caller adds. What the model is comes from its entry in the
/// catalogue, `model`; `loaded` is what a worker says, which may have been taken over by the file. Any thread.
[[nodiscard]] Provenance answerProvenance(const ModelDescription &model, const LoadedModel &loaded,
                                          const GenerationRequest &request, const GenerationResult &result);

} // namespace tramontane
