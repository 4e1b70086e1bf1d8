// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_maintenance.h"
#include "storage/vault/held_master.h"
#include "storage/vault/vault_opening.h"

#include <memory>

namespace tramontane::vault {

/// VaultMaintenance on an opened vault. Work that has begun may outlive the object, not what it was made with: whoever
/// owns the vault calls stop() first.
class OpenedMaintenance final : public VaultMaintenance {
public:
    /// Both outlive the work.
    OpenedMaintenance(OpenParts &parts, HeldMaster &master);
    ~OpenedMaintenance() override;

    [[nodiscard]] Async<RotatedKey> rotateKey(LongWork work) override;

    /// Asks all work to end. Never waits; any thread.
    void requestStop();
    /// Waits for the end of all work; what comes later answers VaultLocked. Not in the database's thread.
    void stop();

private:
    struct State;
    template <class T, class Work>
    [[nodiscard]] Async<T> oneAtATime(LongWork work, Work run);

    std::shared_ptr<State> m_state;
};

} // namespace tramontane::vault
