// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/when_ready.h"

#include <QObject>

#include <functional>
#include <string>
#include <vector>

namespace tramontane {

class ChatService;

/// Backups of the open vault, and going back to one. Nothing is done that the log does not have before. Calls: the owning
/// thread; nothing blocks.
class BackupService : public QObject {
    Q_OBJECT
public:
    /// All outlive the service.
    BackupService(OpenVault &vault, ChatService &chat, PolicySource &policy, QObject *parent = nullptr);

    /// `cause`: a flag for the record, "schedule"; empty: a person. Errors: AuditUnavailable, those of BackupStore::create.
    [[nodiscard]] Async<BackupContent> create(std::string file, LongWork work, std::string cause = {});
    /// Errors: those of BackupStore::preview.
    [[nodiscard]] Async<RestoreEffect> preview(std::string file, RestoreMode mode, LongWork work);
    /// Replace ends answers that are being written, for good: the session has to be begun again afterwards. Errors:
    /// AuditUnavailable (nothing was done), those of BackupStore::restore.
    [[nodiscard]] Async<RestoreEffect> restore(std::string file, RestoreMode mode, LongWork work);
    /// After BackupFiles::restore in the place of a damaged vault whose log goes on. Errors: AuditUnavailable.
    [[nodiscard]] Async<void> noteRestored(std::string backup);
    [[nodiscard]] Async<RestoreEffect> previewRollback(LongWork work);
    /// As restore() with Replace; the vault can then only be closed. Errors also: those of BackupStore::rollback.
    [[nodiscard]] Async<RestoreEffect> rollback(LongWork work);
    /// Oldest first. Errors: those of the vault.
    [[nodiscard]] Async<std::vector<KnownBackup>> list();
    /// Removes the file. Errors: NotFound, AuditUnavailable, those of BackupStore::remove.
    [[nodiscard]] Async<void> remove(std::string id);

private:
    [[nodiscard]] Async<void> record(const std::string &event, Outcome outcome, const std::string &backup,
                                     std::vector<std::string> flags);
    /// The record first, and one more with how it ended. `idOf` says which backup it was.
    template <class T>
    [[nodiscard]] Async<T> recorded(const std::string &event, std::vector<std::string> flags,
                                    std::function<Async<T>()> act, std::function<std::string(const Result<T> &)> idOf);
    [[nodiscard]] Async<RestoreEffect> replaceWith(std::vector<std::string> flags,
                                                   std::function<Async<RestoreEffect>()> act);

    OpenVault &m_vault;
    ChatService &m_chat;
    PolicySource &m_policy;
};

/// Flags of `backup.restored` that say what it did.
namespace restored {
inline constexpr auto kMerge = "merge";
inline constexpr auto kReplace = "replace";
inline constexpr auto kRollback = "rollback";
inline constexpr auto kElsewhere = "elsewhere"; // the first record of a new log
inline constexpr auto kDamaged = "damaged";     // in the place of a damaged vault
} // namespace restored

} // namespace tramontane
