// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/snapshot_store.h"
#include "app/contracts/vault_storage.h"
#include "storage/directory/vault_files.h"
#include "storage/repositories/vault_database.h"

#include <memory>

namespace tramontane::vault {

/// VaultStorage over the files of a vault directory.
class OpenedStorage final : public VaultStorage {
public:
    /// What it looks at. `owner` keeps the others alive for as long as something that was begun goes on.
    struct Parts {
        std::shared_ptr<void> owner;
        const VaultFiles &files;
        VaultDatabase &database;
        SnapshotStore &snapshots;
    };
    explicit OpenedStorage(Parts parts) : m_parts(std::move(parts)) {}

    [[nodiscard]] Async<StorageReport> report() override;
    [[nodiscard]] Async<CleanUpOffer> clean(CleanUp what) override;

private:
    Parts m_parts;
};

} // namespace tramontane::vault
