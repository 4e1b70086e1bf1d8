// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_slots.h"
#include "app/core/clock.h"
#include "storage/directory/held_master.h"
#include "storage/directory/vault_files.h"
#include "storage/vault/vault_options.h"

#include <memory>

namespace tramontane::vault {

/// VaultSlots over slots.json of an open vault. Calls from any thread; what is under way when the object goes is finished.
class DirectorySlots final : public VaultSlots {
public:
    /// `clock` outlives the object.
    DirectorySlots(const VaultFiles &files, std::shared_ptr<HeldMaster> master, SlotInfo openedWith,
                   PassphraseCost cost, const Clock &clock);
    ~DirectorySlots() override;

    [[nodiscard]] Async<std::vector<SlotInfo>> list() override;
    [[nodiscard]] Async<SlotInfo> add(SlotSecret secret) override;
    [[nodiscard]] Async<SlotInfo> addOrganisation(OrganisationKey key) override;
    [[nodiscard]] Async<SlotInfo> replace(std::string id, SlotSecret secret) override;
    [[nodiscard]] Async<void> remove(std::string id) override;
    [[nodiscard]] Async<SlotInfo> find(SlotSecret secret) override;
    [[nodiscard]] SlotInfo openedWith() const override;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace tramontane::vault
