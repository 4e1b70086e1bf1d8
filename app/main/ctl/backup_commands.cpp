// SPDX-License-Identifier: Apache-2.0
// backup create, list, remove, run, verify; restore is a file of its own.
#include "app/main/ctl/backup_json.h"
#include "app/main/ctl/commands.h"
#include "app/main/ctl/confirmation.h"
#include "app/main/ctl/slot_secret_input.h"
#include "app/main/ctl/table.h"
#include "app/main/ctl/work_progress.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

class BackupCreateCommand final : public VaultCommand {
public:
    BackupCreateCommand(Context &context, std::string file)
        : VaultCommand(context), m_file(std::move(file)), m_progress(context.output)
    {
    }

protected:
    void run(Session &session) override
    {
        whenReady(this, session.backups().create(m_file, m_progress.work()), [this](const Result<BackupContent> &made) {
            if (failed(made))
                return;
            QJsonObject object = backupJson(*made);
            const QString path = QFileInfo(QString::fromStdString(m_file)).absoluteFilePath();
            object["path"] = path;
            output().result(object, "The backup was made and checked.\n" + backupText(*made));
            done();
        });
    }

private:
    std::string m_file;
    WorkProgress m_progress;
};

/// Makes a backup where the settings say, if one is due; for timers of the system.
class BackupRunCommand final : public VaultCommand {
public:
    BackupRunCommand(Context &context, bool now) : VaultCommand(context), m_now(now) {}

protected:
    void run(Session &session) override
    {
        if (m_now)
            return whenReady(this, session.backupSchedule().runNow(), [this](const Result<BackupContent> &made) {
                if (!failed(made))
                    show(*made);
            });
        whenReady(this, session.backupSchedule().runIfDue(), [this](const Result<std::optional<BackupContent>> &made) {
            if (!failed(made))
                show(*made);
        });
    }

private:
    void show(const std::optional<BackupContent> &made)
    {
        const char *none = session().backupSchedule().isOn() ? "No backup is due.\n"
                                                             : "No backups are made by themselves. See: tramontanectl "
                                                               "help backup\n";
        output().result({{"made", made.has_value()}, {"backup", made ? QJsonValue(backupJson(*made)) : QJsonValue()}},
                        made ? "The backup was made and checked.\n" + backupText(*made) : none);
        done();
    }

    bool m_now = false;
};

class BackupListCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        whenReady(this, session.backups().list(), [this](const Result<std::vector<KnownBackup>> &backups) {
            if (!failed(backups))
                show(*backups);
        });
    }

private:
    void show(const std::vector<KnownBackup> &backups)
    {
        QJsonArray items;
        Table table({"ID", "MADE", "SIZE", "THERE", "FILE"});
        for (const KnownBackup &backup : backups) {
            const bool file = backup.kind == BackupKind::File;
            items.append(QJsonObject{{"id", QString::fromStdString(backup.id)},
                                     {"kind", file ? "file" : "before_migration"},
                                     {"path", QString::fromStdString(backup.path)},
                                     {"created", QString::fromStdString(rfc3339(backup.createdMs))},
                                     {"bytes", qint64(backup.bytes)},
                                     {"schema", backup.schema},
                                     {"found", backup.found}});
            table.add({backup.id, shortTime(backup.createdMs), fileSize(qint64(backup.bytes)),
                       backup.found ? "yes" : "no", file ? backup.path : "(before the last update of the format)"});
        }
        output().result({{"items", items}, {"next", QJsonValue()}}, table.text());
        done();
    }
};

struct RemoveInput {
    std::string id;
    bool yes = false;
};

class BackupRemoveCommand final : public VaultCommand {
public:
    BackupRemoveCommand(Context &context, RemoveInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    [[nodiscard]] Status prepare() override
    {
        return confirm(m_input.yes, "This removes the file of this backup. Go on?");
    }
    void run(Session &session) override
    {
        whenReady(this, session.backups().remove(m_input.id), [this](const Status &removed) {
            if (failed(removed))
                return;
            output().result({{"removed", QString::fromStdString(m_input.id)}}, "Removed: " + m_input.id + "\n");
            done();
        });
    }

private:
    RemoveInput m_input;
};

/// Needs no vault, only what opens the backup.
class BackupVerifyCommand final : public Command {
public:
    BackupVerifyCommand(Context &context, std::string file)
        : Command(context), m_file(std::move(file)), m_progress(context.output)
    {
    }
    void start() override
    {
        whenReady(this, context().parts.backupFiles().inspect(m_file), [this](const Result<BackupInfo> &info) {
            if (!info)
                return finish(info.error());
            whenReady(this, slotSecretFor(this, context(), info->slots), [this](const Result<SlotSecret> &secret) {
                if (!secret)
                    return finish(secret.error());
                verify(*secret);
            });
        });
    }
    void interrupt() override { m_progress.stop(); }

private:
    void verify(const SlotSecret &secret)
    {
        whenReady(this, context().parts.backupFiles().verify(m_file, secret, m_progress.work()),
                  [this](const Result<BackupContent> &content) {
                      if (!content)
                          return finish(content.error());
                      output().result(backupJson(*content), "This backup is whole.\n" + backupText(*content));
                      finish();
                  });
    }

    std::string m_file;
    WorkProgress m_progress;
};

} // namespace

void addBackupCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *backup = app.add_subcommand("backup", "Make, check and restore encrypted backups");
    backup->require_subcommand(1);
    const auto file = std::make_shared<std::string>();
    CLI::App *create = backup->add_subcommand("create", "Write a backup into a new file");
    create->add_option("FILE", *file)->required();
    create->callback(
        [&chosen, file] { chosen = [file](Context &c) { return std::make_unique<BackupCreateCommand>(c, *file); }; });

    const auto checked = std::make_shared<std::string>();
    CLI::App *verify = backup->add_subcommand("verify", "Open a backup and check all of it; needs no vault");
    verify->add_option("FILE", *checked)->required();
    verify->callback([&chosen, checked] {
        chosen = [checked](Context &c) { return std::make_unique<BackupVerifyCommand>(c, *checked); };
    });
    addBackupRestore(*backup, chosen);

    backup->add_subcommand("list", "The backups that this vault knows of")->callback([&chosen] {
        chosen = [](Context &c) { return std::make_unique<BackupListCommand>(c); };
    });
    const auto removed = std::make_shared<RemoveInput>();
    CLI::App *remove = backup->add_subcommand("remove", "Remove a backup and its file");
    remove->add_option("ID", removed->id, "As \"backup list\" shows it")->required();
    remove->add_flag("--yes", removed->yes, "Do not ask");
    remove->callback([&chosen, removed] {
        chosen = [removed](Context &c) { return std::make_unique<BackupRemoveCommand>(c, *removed); };
    });

    const auto now = std::make_shared<bool>(false);
    CLI::App *run = backup->add_subcommand("run", "Make the backup that is due by the settings backup.everyDays, "
                                                  "backup.folder and backup.keep");
    run->add_flag("--now", *now, "Also when none is due");
    run->callback(
        [&chosen, now] { chosen = [now](Context &c) { return std::make_unique<BackupRunCommand>(c, *now); }; });
}

} // namespace tramontane::ctl
