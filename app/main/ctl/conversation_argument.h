// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "app/core/result.h"

namespace tramontane::ctl {

/// Errors: NotFound for what is not an id.
[[nodiscard]] inline Result<ConversationId> conversationArgument(const std::string &text)
{
    if (const auto id = ConversationId::fromText(text))
        return *id;
    return Error{ErrorCode::NotFound,
                 "\"" + text + "\" is not the id of a conversation. See: tramontanectl conversation list",
                 {}};
}

} // namespace tramontane::ctl
