// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/snapshot.h"

#include <cstdint>
#include <span>
#include <string>

// The header of a snapshot as bytes (resources/formats/snapshots.md): one way to write each header, so that equal bytes
// are equal headers. Any thread.
namespace tramontane::vault {

/// No header is longer: every text and list at its limit.
inline constexpr std::size_t kMaxSnapshotHeaderBytes = 20 * 1024;

/// `header` must have passed checkSnapshotHeader(). Never fails.
[[nodiscard]] std::string snapshotHeaderBytes(const SnapshotHeader &header);

/// Errors: InvalidArgument for bytes that are not exactly one header within its limits; `detail` names the field.
[[nodiscard]] Result<SnapshotHeader> readSnapshotHeader(std::span<const std::uint8_t> bytes);

} // namespace tramontane::vault
