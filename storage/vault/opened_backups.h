// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "storage/directory/held_master.h"
#include "storage/vault/vault_opening.h"
#include "storage/vault/vault_work.h"

namespace tramontane::vault {

/// BackupStore of an opened vault.
class OpenedBackups final : public BackupStore {
public:
    /// All outlive the work; whoever owns the vault calls VaultWork::stop() of both first. `looks`: for what takes no time
    /// and must not wait for `work`.
    OpenedBackups(OpenParts &parts, HeldMaster &master, VaultWork &work, VaultWork &looks, const Clock &clock)
        : m_parts(parts), m_master(master), m_work(work), m_looks(looks), m_clock(clock)
    {
    }

    [[nodiscard]] Async<BackupContent> create(std::string file, LongWork work) override;
    [[nodiscard]] Async<RestoreEffect> preview(std::string file, RestoreMode mode, LongWork work) override;
    [[nodiscard]] Async<RestoreEffect> restore(std::string file, RestoreMode mode, LongWork work) override;
    [[nodiscard]] Async<RestoreEffect> previewRollback(LongWork work) override;
    [[nodiscard]] Async<RestoreEffect> rollback(LongWork work) override;
    [[nodiscard]] Async<std::vector<KnownBackup>> list() override;
    [[nodiscard]] Async<void> remove(std::string id) override;

private:
    /// Runs `act(const BackupVault &, const LongWork &)` while nobody changes slots or keys.
    template <class T, class Act>
    [[nodiscard]] Async<T> begin(LongWork work, Act act);

    OpenParts &m_parts;
    HeldMaster &m_master;
    VaultWork &m_work;
    VaultWork &m_looks;
    const Clock &m_clock;
};

} // namespace tramontane::vault
