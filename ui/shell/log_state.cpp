// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/log_state.h"

#include "app/contracts/when_ready.h"
#include "ui/style/numbers.h"

namespace tramontane::ui {

LogState::LogState(AuditService &audit, const Clock &clock, QObject *parent)
    : QObject(parent), m_audit(audit), m_clock(clock)
{
}

void LogState::check()
{
    if (m_state == State::Checking)
        return;
    m_state = State::Checking;
    Q_EMIT changed();
    whenReady(this, m_audit.verify(), [this](const Result<AuditVerification> &result) {
        m_checkedMs = m_clock.utcMs();
        m_finding.clear();
        if (!result) {
            m_state = State::Unreadable;
            m_finding = QString::fromStdString(result.error().message);
        } else {
            m_records = result->records;
            m_state = result->whole() ? State::Whole : State::Broken;
            if (!result->broken.empty())
                m_finding = QString::fromStdString(result->broken.front());
            else if (result->missing > 0)
                m_finding = tr("%n record(s) are missing at the end.", nullptr, int(result->missing));
        }
        Q_EMIT changed();
    });
}

void LogState::setProblem(const std::optional<Error> &problem)
{
    m_problem = problem;
    Q_EMIT changed();
}

LogState::State LogState::state() const
{
    return m_problem && m_state != State::Checking ? State::Unwritable : m_state;
}

QString LogState::text() const
{
    const QString time = formatTime(m_checkedMs, QLocale());
    switch (state()) {
    case State::Recording: return tr("Log recording");
    case State::Checking: return tr("Checking the log");
    case State::Whole: return tr("Log whole, checked %1").arg(time);
    case State::Broken: return tr("Log does not hold, checked %1").arg(time);
    case State::Unreadable: return tr("Log cannot be read");
    case State::Unwritable: break;
    }
    return tr("Log cannot be written");
}

QString LogState::explanation() const
{
    switch (state()) {
    case State::Recording: return tr("Every question is recorded, without its content. Click to check the log.");
    case State::Checking: return tr("Every record is worked out again");
    case State::Whole: return tr("%n record(s), none missing or changed", nullptr, int(m_records));
    case State::Broken:
    case State::Unreadable: return m_finding;
    case State::Unwritable: break;
    }
    return QString::fromStdString(m_problem->message);
}

} // namespace tramontane::ui
