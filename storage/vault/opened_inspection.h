// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_inspection.h"
#include "storage/vault/vault_opening.h"

#include <functional>

namespace tramontane::vault {

/// VaultInspection over the files of a vault that is open in this process. Calls from any thread.
class OpenedInspection final : public VaultInspection {
public:
    /// Both outlive the object and every run of it. `master` answers VaultLocked when the vault was closed.
    OpenedInspection(const OpenParts &parts, std::function<Result<Key32>()> master);

    [[nodiscard]] Async<std::vector<VaultFinding>> run() override;

private:
    const OpenParts &m_parts;
    const std::function<Result<Key32>()> m_master;
};

} // namespace tramontane::vault
