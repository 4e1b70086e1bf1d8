// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/services/backup_service.h"
#include "app/services/setting_service.h"

#include <QTimer>

#include <optional>

namespace tramontane {

/// Makes backups by itself, as settings and policy say (backup.everyDays, backup.folder, backup.keep), and removes the oldest
/// ones that it made. Calls and signals: the owning thread; nothing blocks.
class BackupSchedule : public QObject {
    Q_OBJECT
public:
    /// All outlive the object.
    BackupSchedule(OpenVault &vault, BackupService &backups, SettingService &settings, const Clock &clock,
                   QObject *parent = nullptr);

    /// Looks now, and once in an hour from then on.
    void start();
    /// Makes a backup if one is due. Nothing: none was. Errors: InvalidArgument (no folder is set), those of
    /// BackupService::create; the next look tries again.
    [[nodiscard]] Async<std::optional<BackupContent>> runIfDue();
    /// Makes one in any case.
    [[nodiscard]] Async<BackupContent> runNow();
    [[nodiscard]] bool isOn() const;
    /// Why the last one that nobody asked for was not made; nothing after one that was.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

Q_SIGNALS:
    /// Nobody asked for it: one was made, or should have been.
    void ran();

private:
    void look();
    [[nodiscard]] std::string nextFile() const;
    [[nodiscard]] std::string prefix() const;
    [[nodiscard]] Async<void> removeOldest(int keep);

    OpenVault &m_vault;
    BackupService &m_backups;
    SettingService &m_settings;
    const Clock &m_clock;
    QTimer m_hourly;
    bool m_running = false;
    std::optional<Error> m_problem;
};

} // namespace tramontane
