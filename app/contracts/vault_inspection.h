// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <string>
#include <vector>

namespace tramontane {

/// Something in a vault that is not as it should be. Neither text holds content.
struct VaultFinding {
    std::string
        part; // "vault.db", "audit.db", "keys.json", "slots.json", "attachments", "snapshots", "audit-archive", "log", "messages"
    std::string problem; // one or two sentences: what, and what to do
};

/// Whether the files of an open vault hold. Calls from any thread; the work happens in the threads of the databases and
/// in the background, and takes as long as reading the whole vault.
class VaultInspection {
public:
    virtual ~VaultInspection() = default;

    /// Reads every page of both databases (its MAC, the trees, the indexes, references), and holds keys.json and slots.json
    /// against the keys in memory, and the files in attachments/ against the rows that name them. Nothing is changed.
    /// Empty: all holds. Errors: VaultLocked, IoFailed, AuditUnavailable (the log cannot be had now).
    [[nodiscard]] virtual Async<std::vector<VaultFinding>> run() = 0;
};

} // namespace tramontane
