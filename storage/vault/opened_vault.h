// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/repositories/sqlite_conversation_repository.h"
#include "storage/repositories/sqlite_erasure_repository.h"
#include "storage/repositories/sqlite_folder_repository.h"
#include "storage/repositories/sqlite_model_repository.h"
#include "storage/repositories/sqlite_retention_repository.h"
#include "storage/vault/opened_inspection.h"
#include "storage/vault/opened_storage.h"
#include "storage/vault/vault_opening.h"

#include <memory>
#include <mutex>
#include <optional>

namespace tramontane::vault {

/// OpenVault over the two databases of a vault directory. Calls from any thread.
class OpenedVault final : public OpenVault {
public:
    OpenedVault(OpenParts parts, const Clock &clock);
    /// Closes if close() was not called before. Waits for the disk in the main thread and in Qt's pool; in any other
    /// thread, which may be a database's own, closing goes on in the background.
    ~OpenedVault() override;

    [[nodiscard]] ConversationRepository &conversations() override;
    [[nodiscard]] ModelRepository &models() override;
    [[nodiscard]] SettingRepository &settings() override;
    [[nodiscard]] SnapshotStore &snapshots() override;
    [[nodiscard]] VaultSlots &slots() override;
    [[nodiscard]] AttachmentStore &attachments() override;
    [[nodiscard]] FolderRepository &folders() override;
    [[nodiscard]] ErasureRepository &erasures() override;
    [[nodiscard]] RetentionRepository &retention() override;
    [[nodiscard]] VaultStorage &storage() override;
    [[nodiscard]] AuditLog &audit() override;
    [[nodiscard]] DiskReserve &reserve() override;
    [[nodiscard]] VaultInspection &inspection() override;
    [[nodiscard]] VaultMaintenance &maintenance() override;
    [[nodiscard]] BackupStore &backups() override;
    [[nodiscard]] std::string vaultId() const override;
    [[nodiscard]] Async<void> close() override;

private:
    struct State;
    std::shared_ptr<State> m_state;
    OpenedStorage m_storage;
    OpenedInspection m_inspection;
};

} // namespace tramontane::vault
