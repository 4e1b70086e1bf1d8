// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"

#include <QObject>

#include <deque>

namespace tramontane {

/// Closes what a crash left behind, in the fixed order of design.md section 3: answer, closing record, settlement.
/// An attempt without an answer gets one that is cut off: the text that was saved, and a notice; its record is `failed`
/// with the flag `interrupted`. An attempt whose answer is there is recorded as the answer ended, with the flag
/// `recovered`. A record that exists already is not written twice. Calls: the owning thread.
class Recovery : public QObject {
    Q_OBJECT
public:
    Recovery(OpenVault &vault, PolicySource &policy, const Clock &clock, QObject *parent = nullptr);

    /// How many attempts were closed. What cannot be closed now (log not writable, disk full) stays for the next
    /// opening. Errors: those of ConversationRepository::leftovers. Call once.
    [[nodiscard]] Async<int> run();

private:
    void next();
    void storeInterrupted(const Leftover &leftover);
    void findState(const Leftover &leftover);
    void closeRecord(const Leftover &leftover, MessageState state, const std::string &flag);
    void appendOutcome(const Leftover &leftover, MessageState state, const std::string &flag);
    void settle(const Leftover &leftover, const AuditHead &head);

    OpenVault &m_vault;
    PolicySource &m_policy;
    const Clock &m_clock;
    std::deque<Leftover> m_leftovers;
    int m_closed = 0;
    Deferred<int> m_done;
};

} // namespace tramontane
