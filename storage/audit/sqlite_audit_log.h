// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/audit_log.h"
#include "storage/audit/audit_store.h"

#include <memory>

namespace tramontane {

/// The audit log in audit.db (resources/formats/audit-log.md). Contract and threads as AuditLog; each log has a thread
/// of its own. Two records may be added besides the one that was asked for: `audit.time_regression` when the clock is
/// behind the last record, `audit.failure` after a time in which records could not be written.
class SqliteAuditLog final : public AuditLog {
public:
    /// Makes audit.db with a random log id and its first record. Blocks: call it off the GUI thread.
    /// Errors: VaultExists (nothing touched), NoSpace, StorageReadOnly, IoFailed; after an error no file is left.
    [[nodiscard]] static Status create(const audit_store::LogAccess &access, const Clock &clock);

    /// Opens what create() made. Blocks, up to 2 s while another program holds the file: call it off the GUI thread.
    /// A log that cannot be had now (locked, read-only, full disk) is no error: reading the vault must work without it.
    /// Each call then tries again and answers AuditUnavailable until it succeeds. `clock` outlives the log.
    /// Errors: VaultDamaged (missing, not a log, another key), VaultNewerSchema. No file changes on any error.
    [[nodiscard]] static Result<std::unique_ptr<SqliteAuditLog>> open(audit_store::LogAccess access,
                                                                      const Clock &clock);

    /// Finishes what is queued and closes.
    ~SqliteAuditLog() override;

    [[nodiscard]] Async<AuditHead> append(AuditEvent event) override;
    [[nodiscard]] Async<std::vector<AuditRow>> list(AuditFilter filter) override;
    [[nodiscard]] Async<AuditVerification> verify(std::vector<AuditHead> knownHeads,
                                                  VerifyDepth depth = VerifyDepth::Usual) override;
    [[nodiscard]] Async<AcceptedGap> acceptGap(AuditPolicy policy) override;
    /// Reads every page of audit.db. Errors: VaultDamaged, with what does not hold in `detail`; AuditUnavailable.
    [[nodiscard]] Async<void> inspect();
    [[nodiscard]] Async<std::string> checkpoint() override;
    [[nodiscard]] Async<RecordedAttempt> findAttempt(std::string corr) override;
    [[nodiscard]] Async<std::vector<std::string>> openAttempts() override;
    [[nodiscard]] Async<AuditHead> head() override;
    /// As AuditStore::copyTo: for a backup. Records wait meanwhile.
    [[nodiscard]] Async<AuditHead> copyTo(std::filesystem::path target, std::stop_token stop);
    /// As AuditStore::verifyArchived.
    [[nodiscard]] Async<AuditVerification> verifyArchived(std::filesystem::path archive);
    /// Empty as long as the log could not be opened.
    [[nodiscard]] std::string logId() const override;

    /// After everything that is queued: folds the WAL in, closes, wipes the keys. Later calls answer VaultLocked.
    [[nodiscard]] Async<void> close();

private:
    struct Worker;
    explicit SqliteAuditLog(std::unique_ptr<audit_store::AuditStore> store);

    /// Runs `task(store)` in the log's thread; its Result is the answer.
    template <class T, class Task>
    [[nodiscard]] Async<T> run(Task task);

    std::unique_ptr<Worker> m_worker;
};

} // namespace tramontane
