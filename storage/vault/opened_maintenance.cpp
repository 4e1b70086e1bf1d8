// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_maintenance.h"

#include "storage/vault/key_rotation.h"

namespace tramontane::vault {

Async<RotatedKey> OpenedMaintenance::rotateKey(LongWork work)
{
    return m_work.begin<RotatedKey>(
        std::move(work), [&parts = m_parts, &held = m_master](const LongWork &given) -> Result<RotatedKey> {
            return held.change<RotatedKey>([&](const MasterKey &master) {
                return rotateVaultKey({parts.files, parts.vaultId, master, *parts.database, parts.syncFolder}, given);
            });
        });
}

} // namespace tramontane::vault
