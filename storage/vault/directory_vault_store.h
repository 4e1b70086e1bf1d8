// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "app/core/clock.h"
#include "storage/vault/vault_options.h"

namespace tramontane::vault {

/// The vault in a directory (resources/formats/vault.md). `clock` must outlive it and every vault that it opened. Calls
/// from any thread; the work happens in Qt's thread pool and may outlive this object.
class DirectoryVaultStore final : public VaultStore {
public:
    DirectoryVaultStore(VaultOptions options, const Clock &clock);

    [[nodiscard]] Async<VaultStatus> status() override;
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> create(SlotSecret first) override;
    [[nodiscard]] Async<void> discard(std::shared_ptr<OpenVault> vault) override;
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> open(SlotSecret secret) override;

private:
    [[nodiscard]] bool networkAllowed() const;

    const VaultOptions m_options;
    const Clock &m_clock;
};

} // namespace tramontane::vault
