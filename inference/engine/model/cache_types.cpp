// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/cache_types.h"

#include <algorithm>
#include <array>

namespace tramontane::engine {

std::optional<ggml_type> cacheType(std::string_view name) noexcept
{
    static constexpr std::array kTypes = {GGML_TYPE_F32,  GGML_TYPE_F16,  GGML_TYPE_BF16,
                                          GGML_TYPE_Q8_0, GGML_TYPE_Q5_1, GGML_TYPE_Q5_0,
                                          GGML_TYPE_Q4_1, GGML_TYPE_Q4_0, GGML_TYPE_IQ4_NL};
    const auto *const found =
        std::find_if(kTypes.begin(), kTypes.end(), [=](ggml_type type) { return name == ggml_type_name(type); });
    return found == kTypes.end() ? std::nullopt : std::optional(*found);
}

} // namespace tramontane::engine
