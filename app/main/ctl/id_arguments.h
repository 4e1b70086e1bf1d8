// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "app/core/result.h"

#include <string>
#include <vector>

namespace tramontane::ctl {

/// The id that a text is. Errors: NotFound; the message says what it is no id of ("folder") and what lists them
/// ("folder list").
template <class T>
[[nodiscard]] Result<T> idArgument(const std::string &text, const std::string &what, const std::string &list)
{
    if (const auto id = T::fromText(text))
        return *id;
    return Error{
        ErrorCode::NotFound, "\"" + text + "\" is not the id of a " + what + ". See: tramontanectl " + list, {}};
}

/// All of them, or the error of the first that is none.
template <class T>
[[nodiscard]] Result<std::vector<T>> idArguments(const std::vector<std::string> &texts, const std::string &what,
                                                 const std::string &list)
{
    std::vector<T> ids;
    for (const std::string &text : texts) {
        const auto id = idArgument<T>(text, what, list);
        if (!id)
            return id.error();
        ids.push_back(*id);
    }
    return ids;
}

} // namespace tramontane::ctl
