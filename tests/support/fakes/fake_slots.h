// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "tests/support/fakes/script.h"

#include <map>

namespace tramontane::test {

/// Slots in memory. Calls: "slots.list", "slots.add", "slots.addOrganisation", "slots.replace", "slots.remove", "slots.find".
class FakeSlots final : public VaultSlots {
public:
    explicit FakeSlots(Script &script) : m_script(script) {}
    [[nodiscard]] Async<std::vector<SlotInfo>> list() override;
    [[nodiscard]] Async<SlotInfo> add(SlotSecret secret) override;
    [[nodiscard]] Async<SlotInfo> addOrganisation(OrganisationKey key) override;
    [[nodiscard]] Async<SlotInfo> replace(std::string id, SlotSecret secret) override;
    [[nodiscard]] Async<void> remove(std::string id) override;
    [[nodiscard]] Async<SlotInfo> find(SlotSecret secret) override;
    [[nodiscard]] SlotInfo openedWith() const override { return opened; }

    std::vector<SlotInfo> slots;
    std::map<std::string, std::string> secrets; // by slot id
    SlotInfo opened{"01890000-0000-7000-8000-0000000000f0", SlotKind::Passphrase, 0};

private:
    Result<SlotInfo> keep(SlotInfo info, const SlotSecret &secret);
    Script &m_script;
    int m_made = 0;
};

} // namespace tramontane::test
