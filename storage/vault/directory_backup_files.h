// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "app/core/clock.h"
#include "storage/vault/vault_options.h"

namespace tramontane::vault {

/// BackupFiles for the place of one vault. `clock` must outlive it and every vault that it opened. Calls from any thread.
class DirectoryBackupFiles final : public BackupFiles {
public:
    DirectoryBackupFiles(VaultOptions options, const Clock &clock);

    [[nodiscard]] Async<BackupInfo> inspect(std::string file) override;
    [[nodiscard]] Async<BackupContent> verify(std::string file, SlotSecret secret, LongWork work) override;
    [[nodiscard]] Async<RestoredVault> restore(std::string file, SlotSecret secret, RestorePlace place,
                                               LongWork work) override;

private:
    const VaultOptions m_options;
    const Clock &m_clock;
};

} // namespace tramontane::vault
