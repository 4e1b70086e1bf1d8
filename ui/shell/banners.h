// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"
#include "app/policy/policy.h"

#include <QWidget>

#include <optional>

class QPushButton;

namespace tramontane::ui {

class Notice;

/// States that concern every act, across the whole window: policy unreadable, log not writable, another organisation's key.
/// And, until closed, what was repaired at opening. GUI thread.
class Banners : public QWidget {
    Q_OBJECT
public:
    explicit Banners(QWidget *parent = nullptr);
    void setPolicy(const EffectivePolicy &policy);
    void setAuditProblem(const std::optional<Error> &problem);
    /// While the log is tried again the button says so and cannot be pressed.
    void setRetrying(bool retrying);
    /// SlotWatch::alarm().
    void setOrganisationAlarm(const std::optional<std::string> &alarm);
    /// Why a backup that was due was not made.
    void setBackupProblem(const std::optional<Error> &problem);
    /// Answers that were cut off when the program ended last time; 0 hides it.
    void setRecovered(int answers);
    /// The vault is about to be locked because nobody uses the window: said also to screen readers, at once. `minutes`:
    /// the time that was set.
    void showLockWarning(int seconds, int minutes);
    void hideLockWarning();

Q_SIGNALS:
    void retryRequested();
    void keepOpenRequested();

private:
    Notice *m_lock;
    Notice *m_policy;
    Notice *m_audit;
    Notice *m_organisation;
    Notice *m_backup;
    Notice *m_recovered;
    QPushButton *m_retry;
};

} // namespace tramontane::ui
