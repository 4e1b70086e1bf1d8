// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/secret.h"

#include <functional>
#include <string>

namespace tramontane::terminal {

/// Fills up to `size` bytes; 0 at the end, negative on a fault.
using ReadSome = std::function<long(std::uint8_t *into, std::size_t size)>;

/// Reads until the end into locked memory, takes one line end off and checks the length. `name`: what was read, for the
/// message. Errors: Usage.
[[nodiscard]] Result<SecretBytes> readWhole(const ReadSome &read, const std::string &name);

} // namespace tramontane::terminal
