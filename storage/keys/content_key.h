// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"

#include <string>
#include <string_view>

namespace tramontane::vault {

/// The version of the data keys that wrap content keys (keys.json); it changes with their rotation.
inline constexpr int kContentKeyVersion = 1;

/// The associated data of a wrapped row of content_key, so that it opens in its own place only. `purpose`: "snapshot",
/// "attachment". Any thread.
[[nodiscard]] inline std::string contentKeyPlace(const std::string &vaultId, std::string_view purpose, const Uuid &id,
                                                 int version)
{
    return "tramontane content key v1\n" + vaultId + "\n" + std::string(purpose) + "\n" + id.text() + "\n"
           + std::to_string(version) + "\n";
}

} // namespace tramontane::vault
