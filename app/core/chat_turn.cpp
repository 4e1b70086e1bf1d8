// SPDX-License-Identifier: Apache-2.0
#include "app/core/chat_turn.h"

namespace tramontane {

std::string_view toolChoiceName(ToolChoice choice) noexcept
{
    switch (choice) {
    case ToolChoice::None: return "none";
    case ToolChoice::Required: return "required";
    case ToolChoice::Auto: break;
    }
    return "auto";
}

std::optional<ToolChoice> toolChoiceFromName(std::string_view name) noexcept
{
    for (const ToolChoice choice : {ToolChoice::Auto, ToolChoice::None, ToolChoice::Required}) {
        if (toolChoiceName(choice) == name)
            return choice;
    }
    return std::nullopt;
}

} // namespace tramontane
