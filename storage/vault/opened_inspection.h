// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/attachment_store.h"
#include "app/contracts/vault_inspection.h"
#include "storage/directory/held_master.h"
#include "storage/vault/vault_opening.h"

#include <memory>

namespace tramontane::vault {

/// VaultInspection over the files of a vault that is open in this process. Calls from any thread.
class OpenedInspection final : public VaultInspection {
public:
    /// What it looks at. `owner` keeps the others alive for as long as something that was begun goes on.
    struct Parts {
        std::shared_ptr<void> owner;
        const OpenParts &opened;
        HeldMaster &master;
        AttachmentStore &attachments;
    };
    explicit OpenedInspection(Parts parts) : m_parts(std::move(parts)) {}

    [[nodiscard]] Async<std::vector<VaultFinding>> run() override;

private:
    Parts m_parts;
};

} // namespace tramontane::vault
