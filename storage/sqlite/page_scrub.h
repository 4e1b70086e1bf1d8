// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstddef>
#include <cstdint>
#include <span>

// What SQLite leaves behind in its pages although secure_delete is on: when cells move to another page (a split, a merge),
// rebuildPage() writes the page anew and does not clear the space between the cell pointers and the first cell. Whatever
// was moved away stays there in copy, and deleting its row clears only the row.
namespace tramontane::sqlite {

/// Overwrites the unused bytes of one decrypted b-tree page (SQLite file format, section 1.6: the unallocated region and
/// the freeblocks) with zeros. `usable`: bytes of the page without what the codec keeps at its end. True: something was
/// there. Pages that are no b-tree pages are left alone. Errors: VaultDamaged for a page whose own numbers contradict each
/// other; it is unchanged then. Any thread.
[[nodiscard]] Result<bool> clearUnusedBytes(std::span<std::uint8_t> page, std::size_t usable);

} // namespace tramontane::sqlite
