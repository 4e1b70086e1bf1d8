// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/contracts/long_work.h"
#include "app/contracts/vault_store.h"
#include "app/core/audit_event.h"

#include <cstdint>
#include <string>
#include <vector>

// Backups of a vault (resources/formats/backup.md). Calls from any thread; work happens off the GUI thread. Paths are UTF-8.
namespace tramontane {

/// File: one that a person or a schedule asked for. BeforeMigration: vault.db as it was before its last migration, inside
/// the vault's own folder.
enum class BackupKind { File, BeforeMigration };

/// A copy that this vault knows of. A text that was erased at t is still in every one whose `createdMs` lies between the
/// making of the text and t, as long as its file exists anywhere.
struct KnownBackup {
    std::string id; // UUID text
    BackupKind kind = BackupKind::File;
    std::string path;
    std::int64_t createdMs = 0; // the moment whose content it has
    std::uint64_t bytes = 0;
    int schema = 0;     // of vault.db in it
    bool found = false; // whether the file lies there now
};

/// What a backup says of itself without a key.
struct BackupInfo {
    std::string id;
    std::string vaultId;
    std::int64_t createdMs = 0;
    int schema = 0;
    std::string appVersion; // of the program that made it
    std::vector<SlotInfo> slots;
    std::uint64_t bytes = 0;
};

/// What was found in a backup after all of it was read and its databases were opened and checked.
struct BackupContent {
    BackupInfo info;
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t attachments = 0;
    AuditHead auditHead; // of the log in it
    std::string auditLog;
};

enum class RestoreMode {
    Merge,   // conversations and messages that are not there are added; nothing that is there changes
    Replace, // the content of vault.db becomes that of the backup
};

/// What restoring does, or did.
struct RestoreEffect {
    BackupContent backup;
    std::int64_t conversationsAdded = 0;
    std::int64_t conversationsChanged = 0; // they are there already, and are other ones afterwards
    std::int64_t conversationsDropped = 0; // they are there now and not in the backup
    std::int64_t messagesAdded = 0;
    std::int64_t messagesDropped = 0;
    std::int64_t attachmentsAdded = 0;
    std::int64_t erasedKeptOut = 0; // conversations, messages, … of the backup that the erasure register names
};

/// Backups of one open vault. One long work at a time, also with those of VaultMaintenance; closing the vault stops it.
class BackupStore {
public:
    virtual ~BackupStore() = default;

    /// Writes `file` while the vault is used: into a new file beside it, read back and held against what was written,
    /// then renamed. Progress: bytes. Errors: VaultExists (there is something of that name), NoSpace (the message says how
    /// much is needed), NotFound (no folder), StorageReadOnly, IoFailed, VaultDamaged (what is to be backed up does not
    /// hold), Cancelled, VaultLocked; nothing of the file is then left.
    [[nodiscard]] virtual Async<BackupContent> create(std::string file, LongWork work) = 0;
    /// Says what restore() would do, and changes nothing. Errors: as restore().
    [[nodiscard]] virtual Async<RestoreEffect> preview(std::string file, RestoreMode mode, LongWork work) = 0;
    /// Takes the content of a backup of this vault over. All of the backup is read and verified before anything changes;
    /// what the vault or its log know as erased never comes back. The log, the catalogue of models, legal holds and the list
    /// of backups stay those of the vault. Whoever keeps something of the vault in memory has to read it again afterwards.
    /// Progress: bytes. Errors: those of BackupFiles::verify; VaultForeign (a backup of another vault), OnHold (Replace
    /// would drop or change what is held), NoSpace, IoFailed, Cancelled, VaultReadOnly; the vault is then as before.
    [[nodiscard]] virtual Async<RestoreEffect> restore(std::string file, RestoreMode mode, LongWork work) = 0;
    /// Says what rollback() would do. Errors: NotFound (there is no copy of before a migration), those of restore().
    [[nodiscard]] virtual Async<RestoreEffect> previewRollback(LongWork work) = 0;
    /// Puts vault.db back to the copy of before its last migration, in its older schema, without what was erased since. Then
    /// the vault can only be closed: the next program that opens it, an older or a newer one, migrates it or not. Errors:
    /// as previewRollback(); the vault is then as before.
    [[nodiscard]] virtual Async<RestoreEffect> rollback(LongWork work) = 0;
    /// Oldest first. Errors: those of reading vault.db.
    [[nodiscard]] virtual Async<std::vector<KnownBackup>> list() = 0;
    /// Removes the file, if it is the backup with this id, and forgets it. Errors: NotFound, IoFailed, StorageReadOnly.
    [[nodiscard]] virtual Async<void> remove(std::string id) = 0;
};

/// What stands where a backup is to be restored.
enum class RestorePlace {
    Free,    // nothing
    Damaged, // a vault that cannot be opened: its folder is kept beside the new one
};

/// A vault made from a backup.
struct RestoredVault {
    std::shared_ptr<OpenVault> vault;
    BackupContent backup;
    std::string keptFolder; // of the damaged vault; empty: there was none
    bool sameLog = false;   // the log of the damaged vault was whole, and goes on
};

/// Backups without a vault. Calls from any thread; work happens off the GUI thread.
class BackupFiles {
public:
    virtual ~BackupFiles() = default;

    /// Reads the beginning. Errors: NotFound, VaultForeign (not a backup), VaultNewerSchema (a newer format),
    /// VaultDamaged, IoFailed.
    [[nodiscard]] virtual Async<BackupInfo> inspect(std::string file) = 0;
    /// Reads all of it, opens the databases in it, and checks them. Progress: bytes. Errors: those of inspect();
    /// WrongPassphrase (no slot of that kind, or none that opens), VaultDamaged (changed, cut off, or a database that does
    /// not hold), VaultNewerSchema, NoSpace (for a moment the databases lie beside the vault's place), Cancelled.
    [[nodiscard]] virtual Async<BackupContent> verify(std::string file, SlotSecret secret, LongWork work) = 0;
    /// Makes a vault from a backup and opens it. The log of the backup becomes an archive, and a new one that names its last
    /// head begins; opened with the organisation's key the old log is read only, and the new one begins when another slot
    /// opens the vault. In the place of a damaged vault its log goes on if it is whole. Errors: those of verify(),
    /// VaultExists (Free: the place is taken; Damaged: the vault there can be opened; nothing touched), VaultForeign (a
    /// backup of another vault), VaultInUse.
    [[nodiscard]] virtual Async<RestoredVault> restore(std::string file, SlotSecret secret, RestorePlace place,
                                                       LongWork work) = 0;
};

} // namespace tramontane
