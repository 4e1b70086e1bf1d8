// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/audit_log.h"
#include "app/core/audit_event.h"
#include "storage/audit/log_appender.h"
#include "storage/sqlite/disk_room.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace tramontane::audit_store {

/// What an audit log is opened with. Move-only, because it holds keys.
struct LogAccess {
    std::filesystem::path path; // audit.db
    Key32 databaseKey;
    /// Nothing when the vault was opened with the organisation's key: the log can be read, but not continued.
    std::optional<Key32> signingSeed;
    audit::RecordEnvironment environment;
    std::vector<AuditHead>
        knownHeads{};                 // what the vault has acknowledged: nothing is added to a log that contradicts it
    audit::PublicKey publicKey{};     // of the log; only where there is no seed
    sqlite::DiskRoom *room = nullptr; // outlives the log; null: nothing is kept for a full disk
};

/// audit.db behind SqliteAuditLog: opens it when it is needed and says in plain words why it cannot be used. A file that
/// cannot be had now (locked, read-only, full disk) is tried again at the next call. One thread at a time.
class AuditStore {
public:
    /// `clock` outlives the object. Nothing is opened yet.
    AuditStore(LogAccess access, const Clock &clock);
    ~AuditStore();
    AuditStore(const AuditStore &) = delete;
    AuditStore &operator=(const AuditStore &) = delete;

    /// Makes audit.db with a new random log id and the record `audit.started`. Errors: VaultExists (nothing touched),
    /// NoSpace, StorageReadOnly, IoFailed; after an error no file is left.
    [[nodiscard]] static Status create(const LogAccess &access, const Clock &clock);

    /// Tries to open. Errors: VaultDamaged (missing, not a log, another key), VaultNewerSchema; a log that only cannot be
    /// had now is no error.
    [[nodiscard]] Status probe();

    /// Errors of all that follow: AuditUnavailable, with the reason and what to do in the message; VaultLocked after close().
    /// append(), acceptGap(), checkpoint() and head() also: AuditRecordsMissing and AuditBroken when the log is not to be
    /// continued. append() also: InvalidArgument for a bad event. Without a signing seed append(), acceptGap() and checkpoint()
    /// answer AuditUnavailable.
    [[nodiscard]] Result<AuditHead> append(const AuditEvent &event);
    /// Errors also: InvalidArgument when nothing is missing.
    [[nodiscard]] Result<AcceptedGap> acceptGap(const AuditPolicy &policy);
    /// Reads every page. Errors also: VaultDamaged, with what does not hold in `detail`.
    [[nodiscard]] Status inspect();
    [[nodiscard]] Result<std::vector<AuditRow>> list(const AuditFilter &filter);
    [[nodiscard]] Result<AuditVerification> verify(const std::vector<AuditHead> &knownHeads, VerifyDepth depth);
    [[nodiscard]] Result<std::string> checkpoint();
    [[nodiscard]] Result<RecordedAttempt> findAttempt(const std::string &corr);
    [[nodiscard]] Result<std::vector<std::string>> openAttempts();
    [[nodiscard]] Result<AuditHead> head();
    /// Copies audit.db page by page into a new file under the same key. The head of the copy. Errors also: VaultExists,
    /// NoSpace, StorageReadOnly, IoFailed, Cancelled; no file is then left.
    [[nodiscard]] Result<AuditHead> copyTo(const std::filesystem::path &target, const std::stop_token &stop);
    /// A log that was continued by this one. Errors: those of verifyArchive() (log_archive.h), VaultLocked.
    [[nodiscard]] Result<AuditVerification> verifyArchived(const std::filesystem::path &archive);
    [[nodiscard]] Status close();

    /// Empty until the log could be opened for the first time.
    [[nodiscard]] const std::string &logId() const noexcept { return m_logId; }

private:
    [[nodiscard]] Status ensureReadable();
    [[nodiscard]] Status ensureWritable();
    [[nodiscard]] Status open(sqlite::OpenMode mode);
    [[nodiscard]] Status adopt(sqlite::Connection &connection);
    [[nodiscard]] Status checkHead(sqlite::Connection &connection);
    [[nodiscard]] std::vector<AuditEvent> withFailureRecord(const AuditEvent &event) const;
    [[nodiscard]] Result<AuditHead> tryAppend(const std::vector<AuditEvent> &events);

    std::optional<LogAccess> m_access; // nothing after close(): the keys are wiped
    const Clock &m_clock;
    std::optional<audit::SigningKey> m_signer; // nothing without a seed
    const audit::PublicKey m_publicKey;
    std::string m_logId;
    bool m_missedRecords = false; // appends failed since the last success
    std::unique_ptr<sqlite::Connection> m_connection;
    std::optional<audit::RecordWriter> m_writer;
    std::optional<LogAppender> m_appender;
    std::optional<Error> m_broken; // why nothing may be added, though the log can be read
};

} // namespace tramontane::audit_store
