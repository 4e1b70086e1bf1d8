// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/banners.h"

#include "ui/style/notice.h"

#include <QAccessible>
#include <QPushButton>
#include <QVBoxLayout>

namespace tramontane::ui {

Banners::Banners(QWidget *parent)
    : QWidget(parent), m_lock(new Notice(Tone::Warn, Notice::Shape::Banner, this)),
      m_policy(new Notice(Tone::Warn, Notice::Shape::Banner, this)),
      m_audit(new Notice(Tone::Bad, Notice::Shape::Banner, this)),
      m_organisation(new Notice(Tone::Warn, Notice::Shape::Banner, this)),
      m_backup(new Notice(Tone::Warn, Notice::Shape::Banner, this)),
      m_recovered(new Notice(Tone::Neutral, Notice::Shape::Banner, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (Notice *banner : {m_lock, m_policy, m_audit, m_organisation, m_backup, m_recovered}) {
        column->addWidget(banner);
        banner->hide();
    }
    m_retry = m_audit->addButton(tr("Try again"), ButtonKind::Normal);
    connect(m_retry, &QPushButton::clicked, this, &Banners::retryRequested);
    QPushButton *keep = m_lock->addButton(tr("Keep it open"), ButtonKind::Normal);
    connect(keep, &QPushButton::clicked, this, &Banners::keepOpenRequested);
    QPushButton *close = m_recovered->addButton(tr("Close"), ButtonKind::Quiet);
    connect(close, &QPushButton::clicked, m_recovered, &QWidget::hide);
}

void Banners::setPolicy(const EffectivePolicy &policy)
{
    const bool invalid = policy.mode == PolicyMode::Invalid;
    m_policy->setVisible(invalid);
    if (!invalid)
        return;
    const QString problem = policy.problems.empty() ? QString() : QString::fromStdString(policy.problems.front());
    m_policy->setText(tr("The machine policy cannot be used."),
                      tr("Until an administrator repairs it the strictest rules apply. %1").arg(problem).trimmed());
}

void Banners::setAuditProblem(const std::optional<Error> &problem)
{
    m_audit->setVisible(problem.has_value());
    setRetrying(false);
    if (!problem)
        return;
    m_audit->setText(tr("Nothing can be asked right now: the log cannot be written."),
                     tr("Reading and searching go on working. %1").arg(QString::fromStdString(problem->message)));
}

void Banners::setRetrying(bool retrying)
{
    m_retry->setEnabled(!retrying);
    m_retry->setText(retrying ? tr("Trying…") : tr("Try again"));
}

void Banners::setOrganisationAlarm(const std::optional<std::string> &alarm)
{
    m_organisation->setVisible(alarm.has_value());
    if (alarm)
        m_organisation->setText(tr("The organisation's key has changed."), QString::fromStdString(*alarm));
}

void Banners::setBackupProblem(const std::optional<Error> &problem)
{
    m_backup->setVisible(problem.has_value());
    if (problem)
        m_backup->setText(tr("The backup that was due was not made."), QString::fromStdString(problem->message));
}

void Banners::setRecovered(int answers)
{
    m_recovered->setVisible(answers > 0);
    m_recovered->setText(tr("%n answer(s) were cut off when the program last ended.", nullptr, answers),
                         tr("What had been written is saved and marked as cut off."));
}

void Banners::showLockWarning(int seconds, int minutes)
{
    const QString bold =
        seconds > 30 ? tr("The vault locks in one minute.") : tr("The vault locks in %n second(s).", nullptr, seconds);
    m_lock->setText(bold,
                    tr("Nobody has used this window for a while. It locks after %n minute(s).", nullptr, minutes));
    m_lock->setAccessibleName(bold);
    m_lock->show();
    QAccessibleEvent event(m_lock, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void Banners::hideLockWarning()
{
    m_lock->hide();
}

} // namespace tramontane::ui
