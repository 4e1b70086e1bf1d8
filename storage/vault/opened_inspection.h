// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_inspection.h"
#include "storage/vault/held_master.h"
#include "storage/vault/vault_opening.h"

#include <memory>

namespace tramontane::vault {

/// VaultInspection over the files of a vault that is open in this process. Calls from any thread.
class OpenedInspection final : public VaultInspection {
public:
    /// `owner` keeps `parts` alive for as long as something that was begun goes on.
    OpenedInspection(std::shared_ptr<void> owner, const OpenParts &parts, std::shared_ptr<HeldMaster> master);

    [[nodiscard]] Async<std::vector<VaultFinding>> run() override;

private:
    const std::shared_ptr<void> m_owner;
    const OpenParts &m_parts;
    const std::shared_ptr<HeldMaster> m_master;
};

} // namespace tramontane::vault
