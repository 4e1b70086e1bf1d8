// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/contracts/attachment_store.h"
#include "app/contracts/audit_log.h"
#include "app/contracts/conversation_repository.h"
#include "app/contracts/disk_reserve.h"
#include "app/contracts/erasure_repository.h"
#include "app/contracts/folder_repository.h"
#include "app/contracts/model_repository.h"
#include "app/contracts/retention_repository.h"
#include "app/contracts/snapshot_store.h"
#include "app/contracts/vault_inspection.h"
#include "app/contracts/vault_maintenance.h"
#include "app/contracts/vault_slots.h"
#include "app/contracts/vault_storage.h"

#include <memory>
#include <string>
#include <vector>

namespace tramontane {

/// What can be said without a key. `exists` is true as soon as any of vault.db, audit.db, slots.json or keys.json is there.
struct VaultStatus {
    bool exists = false;
    std::string directory; // UTF-8
    std::string vaultId;   // UUID text from slots.json
    int formatVersion = 0;
    std::vector<SlotInfo> slots;
    std::string owner; // who holds the lock, e.g. "tramontane, process 4711"; empty: nobody
    ReserveStatus reserve;
};

class BackupStore; // backup_store.h, which needs this file

/// A vault whose keys are in memory. References handed out live as long as the object. Destroying it closes it.
class OpenVault {
public:
    virtual ~OpenVault() = default;

    [[nodiscard]] virtual ConversationRepository &conversations() = 0;
    [[nodiscard]] virtual ModelRepository &models() = 0;
    [[nodiscard]] virtual SettingRepository &settings() = 0;
    [[nodiscard]] virtual SnapshotStore &snapshots() = 0;
    [[nodiscard]] virtual VaultSlots &slots() = 0;
    [[nodiscard]] virtual AttachmentStore &attachments() = 0;
    [[nodiscard]] virtual FolderRepository &folders() = 0;
    [[nodiscard]] virtual ErasureRepository &erasures() = 0;
    [[nodiscard]] virtual RetentionRepository &retention() = 0;
    [[nodiscard]] virtual VaultStorage &storage() = 0;
    /// Opened with the organisation's key it can be read and verified, but not continued: append() and checkpoint() answer
    /// AuditUnavailable.
    [[nodiscard]] virtual AuditLog &audit() = 0;
    [[nodiscard]] virtual DiskReserve &reserve() = 0;
    [[nodiscard]] virtual VaultInspection &inspection() = 0;
    [[nodiscard]] virtual VaultMaintenance &maintenance() = 0;
    [[nodiscard]] virtual BackupStore &backups() = 0;
    [[nodiscard]] virtual std::string vaultId() const = 0;
    /// Ends reading and writing of snapshots and attachments, writes what is queued, closes both databases, wipes the keys,
    /// gives up the lock. Later calls answer VaultLocked.
    [[nodiscard]] virtual Async<void> close() = 0;
};

/// The vault directory of one person (resources/formats/vault.md). Calls from any thread; work happens off the GUI thread.
class VaultStore {
public:
    virtual ~VaultStore() = default;

    /// Errors: VaultForeign when slots.json is there but is not ours, VaultDamaged when it is damaged or missing beside
    /// the other files, VaultNewerSchema.
    [[nodiscard]] virtual Async<VaultStatus> status() = 0;
    /// Makes directory, keys, slots and both databases; all or nothing: after an error no file of it is left.
    /// Errors: VaultExists (nothing touched), InvalidArgument (a secret that cannot be one, or an organisation's key),
    /// NoSpace, StorageReadOnly, NetworkFileSystem, IoFailed.
    [[nodiscard]] virtual Async<std::shared_ptr<OpenVault>> create(SlotSecret first) = 0;
    /// Takes back a vault that create() has just made and that nobody could open again, with all that is in it: it is
    /// closed and removed. Errors: VaultExists (another vault lies there by now; nothing touched), VaultInUse,
    /// VaultDamaged, VaultForeign, StorageReadOnly, IoFailed.
    [[nodiscard]] virtual Async<void> discard(std::shared_ptr<OpenVault> vault) = 0;
    /// Opens with any slot of that kind. Errors: VaultMissing, VaultInUse (message names the holder), WrongPassphrase
    /// (no slot of that kind, or a secret of any kind that fits none), VaultForeign, VaultDamaged, VaultNewerSchema, NetworkFileSystem,
    /// StorageBusy (a foreign program holds vault.db), NoSpace, IoFailed. No file changes on any error. A log that only
    /// cannot be had now (read-only, full, locked) is no error: its calls answer AuditUnavailable.
    [[nodiscard]] virtual Async<std::shared_ptr<OpenVault>> open(SlotSecret secret) = 0;
};

} // namespace tramontane
