// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/json_bounds.h"

#include <algorithm>

namespace tramontane::engine {

bool isBoundedJson(std::string_view text) noexcept
{
    if (text.size() > kMaxJsonBytes)
        return false;
    int depth = 0;
    int deepest = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            ++i;
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == '{' || c == '['))
            deepest = std::max(deepest, ++depth);
        else if (!inString && (c == '}' || c == ']'))
            --depth;
    }
    return deepest <= kMaxJsonDepth;
}

} // namespace tramontane::engine
