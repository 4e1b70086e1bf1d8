// SPDX-License-Identifier: Apache-2.0
#include "app/services/backup_schedule.h"

#include <QDir>
#include <QFileInfo>

#include <charconv>

namespace tramontane {

namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr int kLookEveryMs = 60 * 60 * 1000;
constexpr auto kLastRun = "backup.lastRun";
constexpr auto kBySchedule = "schedule";
constexpr std::size_t kIdCharacters = 8; // of the vault: several may share a folder

Error noFolder()
{
    return Error{ErrorCode::InvalidArgument,
                 "No backup was made: no folder is set for it. Set one: tramontanectl setting set backup.folder DIR",
                 ""};
}

std::int64_t numberIn(const std::string &text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

BackupSchedule::BackupSchedule(OpenVault &vault, BackupService &backups, SettingService &settings, const Clock &clock,
                               QObject *parent)
    : QObject(parent), m_vault(vault), m_backups(backups), m_settings(settings), m_clock(clock)
{
    m_hourly.setInterval(kLookEveryMs);
    connect(&m_hourly, &QTimer::timeout, this, &BackupSchedule::look);
}

bool BackupSchedule::isOn() const
{
    return m_settings.number(settings::kBackupEveryDays) > 0 && !m_settings.text(settings::kBackupFolder).empty();
}

void BackupSchedule::start()
{
    m_hourly.start();
    look();
}

void BackupSchedule::look()
{
    if (!isOn() || m_running)
        return;
    whenReady(this, runIfDue(), [this](const Result<std::optional<BackupContent>> &made) {
        if (made && !*made)
            return;
        m_problem = made ? std::nullopt : std::optional(made.error());
        Q_EMIT ran();
    });
}

Async<std::optional<BackupContent>> BackupSchedule::runIfDue()
{
    using Made = std::optional<BackupContent>;
    if (!isOn())
        return ready<Made>(Made());
    return andThen(this, m_vault.settings().read(kLastRun), [this](const std::string &text) {
        const std::int64_t now = m_clock.utcMs();
        const std::int64_t last = numberIn(text);
        // A clock that was set back must not stop the backups for good.
        if (now >= last && now - last < m_settings.number(settings::kBackupEveryDays) * kDayMs)
            return ready<Made>(Made());
        return andThen(this, runNow(), [](const BackupContent &made) { return ready<Made>(Made(made)); });
    });
}

std::string BackupSchedule::prefix() const
{
    const std::string id = m_vault.vaultId();
    return "tramontane-" + id.substr(id.size() - std::min(id.size(), kIdCharacters)) + "-";
}

std::string BackupSchedule::nextFile() const
{
    std::string time = rfc3339(m_clock.utcMs()).substr(0, 19);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const QDir folder(QString::fromStdString(m_settings.text(settings::kBackupFolder)));
    return folder.filePath(QString::fromStdString(prefix() + time + ".backup")).toStdString();
}

Async<BackupContent> BackupSchedule::runNow()
{
    if (m_settings.text(settings::kBackupFolder).empty())
        return ready<BackupContent>(noFolder());
    m_running = true;
    const std::int64_t now = m_clock.utcMs();
    const auto made =
        andThen(this, m_backups.create(nextFile(), {}, kBySchedule), [this, now](const BackupContent &content) {
            const auto noted = andThen(this, m_vault.settings().write(kLastRun, std::to_string(now)),
                                       [this] { return removeOldest(m_settings.number(settings::kBackupKeep)); });
            return andThen(this, noted, [content] { return ready<BackupContent>(content); });
        });
    whenReady(this, made, [this](const Result<BackupContent> &) { m_running = false; });
    return made;
}

/// Only what this vault made by itself in this folder, and only files that are there.
Async<void> BackupSchedule::removeOldest(int keep)
{
    return andThen(this, m_backups.list(), [this, keep](const std::vector<KnownBackup> &backups) {
        const QDir folder(QString::fromStdString(m_settings.text(settings::kBackupFolder)));
        std::vector<std::string> own; // oldest first, as the list is
        for (const KnownBackup &backup : backups) {
            const QFileInfo file(QString::fromStdString(backup.path));
            if (backup.found && backup.kind == BackupKind::File && file.dir() == folder
                && file.fileName().startsWith(QString::fromStdString(prefix())))
                own.push_back(backup.id);
        }
        Async<void> removed = ready<void>({});
        const std::size_t kept = std::min(own.size(), static_cast<std::size_t>(keep));
        for (std::size_t i = 0; i + kept < own.size(); ++i)
            removed = andThen(this, removed, [this, id = own[i]] { return m_backups.remove(id); });
        return removed;
    });
}

} // namespace tramontane
