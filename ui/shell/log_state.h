// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/services/audit_service.h"

namespace tramontane::ui {

/// What the status line says of the log. It says "whole" only after a check, with the time of the check. GUI thread.
class LogState : public QObject {
    Q_OBJECT
public:
    enum class State { Recording, Checking, Whole, Broken, Unreadable, Unwritable };

    LogState(AuditService &audit, const Clock &clock, QObject *parent = nullptr);

    /// Verifies the log; itself a record. Nothing happens while one runs.
    void check();
    /// The log could not be written (an error), or can be again (nothing).
    void setProblem(const std::optional<Error> &problem);

    [[nodiscard]] State state() const;
    /// "Log recording", "Log whole, checked 13:20".
    [[nodiscard]] QString text() const;
    /// A sentence or two: what was found, or what a check would do.
    [[nodiscard]] QString explanation() const;

Q_SIGNALS:
    void changed();

private:
    AuditService &m_audit;
    const Clock &m_clock;
    State m_state = State::Recording;
    std::optional<Error> m_problem;
    QString m_finding;
    std::uint64_t m_records = 0;
    std::int64_t m_checkedMs = 0;
};

} // namespace tramontane::ui
