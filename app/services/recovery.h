// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"

#include <QObject>

#include <deque>
#include <set>
#include <string>

namespace tramontane {

/// Closes what a crash left behind, in the fixed order of design.md section 3: answer, closing record, settlement.
/// An attempt without an answer gets one that is cut off: the blocks that were saved, and a notice; its record is
/// `failed` with the flag `interrupted`. An attempt whose answer is there is recorded as the answer ended, with the flag
/// `recovered`. An attempt that the log has never heard of was not run, because its record could not be written: it gets
/// no answer, and the log an `audit.failure`. At last, attempts that are open in the log alone (embeddings leave nothing
/// in the vault) are recorded as `failed`, `interrupted`. A record that exists already is not written twice. Calls: the
/// owning thread.
class Recovery : public QObject {
    Q_OBJECT
public:
    Recovery(OpenVault &vault, PolicySource &policy, const Clock &clock, QObject *parent = nullptr);

    /// How many attempts were closed. What cannot be closed now (log not writable, disk full) stays for the next
    /// opening. Errors: those of ConversationRepository::leftovers. Call once.
    [[nodiscard]] Async<int> run();

private:
    void next();
    using Recorded = Result<RecordedAttempt>;
    void close(const Leftover &leftover, const Recorded &recorded);
    void recordNothingRan(const Leftover &leftover);
    void storeInterrupted(const Leftover &leftover, const Recorded &recorded);
    void findState(const Leftover &leftover, const Recorded &recorded);
    void closeRecord(const Leftover &leftover, const Recorded &recorded, MessageState state, const std::string &flag);
    void appendOutcome(const Leftover &leftover, MessageState state, const std::string &flag);
    void settle(const Leftover &leftover, const AuditHead &head);
    void findOpenInLog();
    void nextOpenInLog();

    OpenVault &m_vault;
    PolicySource &m_policy;
    const Clock &m_clock;
    std::deque<Leftover> m_leftovers;
    std::set<std::string> m_inVault; // attempts that are the vault's to close, now or at a later opening
    std::deque<std::string> m_openInLog;
    int m_closed = 0;
    Deferred<int> m_done;
};

} // namespace tramontane
