// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/going_back.h"

namespace tramontane::engine {

GoingBack goingBack(const llama_model *model) noexcept
{
    if (llama_model_is_hybrid(model))
        return GoingBack::CheckpointsAndKv;
    if (llama_model_is_recurrent(model))
        return GoingBack::Checkpoints;
    return llama_model_n_swa(model) > 0 ? GoingBack::CheckpointsAndKv : GoingBack::Anywhere;
}

const char *prefixReuseName(GoingBack goingBack) noexcept
{
    return goingBack == GoingBack::Anywhere ? "any" : "checkpoints";
}

} // namespace tramontane::engine
