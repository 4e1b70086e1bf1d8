// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_maintenance.h"
#include "storage/directory/held_master.h"
#include "storage/vault/vault_opening.h"
#include "storage/vault/vault_work.h"

namespace tramontane::vault {

/// VaultMaintenance on an opened vault.
class OpenedMaintenance final : public VaultMaintenance {
public:
    /// All outlive the work; whoever owns the vault calls VaultWork::stop() first.
    OpenedMaintenance(OpenParts &parts, HeldMaster &master, VaultWork &work)
        : m_parts(parts), m_master(master), m_work(work)
    {
    }

    [[nodiscard]] Async<RotatedKey> rotateKey(LongWork work) override;

private:
    OpenParts &m_parts;
    HeldMaster &m_master;
    VaultWork &m_work;
};

} // namespace tramontane::vault
