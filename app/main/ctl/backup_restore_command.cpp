// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/backup_json.h"
#include "app/main/ctl/commands.h"
#include "app/main/ctl/confirmation.h"
#include "app/main/ctl/slot_secret_input.h"
#include "app/main/ctl/work_progress.h"

#include <CLI/CLI.hpp>

namespace tramontane::ctl {
namespace {

struct RestoreInput {
    std::string file;
    bool merge = false;
    bool replace = false;
    bool damaged = false;
    bool preview = false;
    bool yes = false;
};

/// Into an open vault: says what would happen, asks, does it.
class RestoreIntoVault final : public VaultCommand {
public:
    RestoreIntoVault(Context &context, RestoreInput input)
        : VaultCommand(context), m_input(std::move(input)),
          m_mode(m_input.replace ? RestoreMode::Replace : RestoreMode::Merge), m_progress(context.output)
    {
    }

protected:
    void run(Session &session) override
    {
        whenReady(this, session.backups().preview(m_input.file, m_mode, m_progress.work()),
                  [this](const Result<RestoreEffect> &effect) {
                      if (failed(effect))
                          return;
                      if (m_input.preview)
                          return show(*effect, false);
                      const std::string question = effectText(*effect, false) + "Go on?";
                      if (failed(confirm(m_input.yes, question)))
                          return;
                      restore();
                  });
    }

private:
    void restore()
    {
        whenReady(this, session().backups().restore(m_input.file, m_mode, m_progress.work()),
                  [this](const Result<RestoreEffect> &effect) {
                      if (!failed(effect))
                          show(*effect, true);
                  });
    }

    void show(const RestoreEffect &effect, bool restored)
    {
        QJsonObject object = effectJson(effect);
        object["mode"] = m_mode == RestoreMode::Replace ? "replace" : "merge";
        object["restored"] = restored;
        object["backup"] = backupJson(effect.backup);
        object["kept_folder"] = QJsonValue();
        output().result(object, effectText(effect, restored));
        done();
    }

    RestoreInput m_input;
    RestoreMode m_mode;
    WorkProgress m_progress;
};

/// Where there is no vault, or one that cannot be opened.
class RestoreAsVault final : public Command {
public:
    RestoreAsVault(Context &context, RestoreInput input)
        : Command(context), m_input(std::move(input)), m_progress(context.output)
    {
    }
    void start() override
    {
        whenReady(this, context().parts.backupFiles().inspect(m_input.file), [this](const Result<BackupInfo> &info) {
            if (!info)
                return finish(info.error());
            if (m_input.damaged) {
                const Status agreed = confirm(
                    m_input.yes, "The damaged vault is put aside as a whole, and this backup takes its place. What "
                                 "was written after the backup is not in it. Go on?");
                if (!agreed)
                    return finish(agreed.error());
            }
            whenReady(this, slotSecretFor(this, context(), info->slots), [this](const Result<SlotSecret> &secret) {
                if (!secret)
                    return finish(secret.error());
                restore(*secret);
            });
        });
    }
    void interrupt() override { m_progress.stop(); }

private:
    void restore(const SlotSecret &secret)
    {
        const auto place = m_input.damaged ? RestorePlace::Damaged : RestorePlace::Free;
        whenReady(this, context().parts.backupFiles().restore(m_input.file, secret, place, m_progress.work()),
                  [this](const Result<RestoredVault> &restored) {
                      if (!restored)
                          return finish(restored.error());
                      m_restored = *restored;
                      beginSession();
                  });
    }

    /// So that the log has its first records, and everything is seen to open.
    void beginSession()
    {
        m_session = context().parts.makeSession(m_restored.vault);
        const auto recorded = andThen(this, m_session->start(), [this] {
            return m_restored.sameLog ? m_session->backups().noteRestored(m_restored.backup.info.id) : ready<void>({});
        });
        whenReady(this, recorded, [this](const Status &started) {
            whenReady(this, m_session->end(), [this, started](const Status &ended) {
                if (!started || !ended)
                    return finish(started ? ended.error() : started.error());
                report();
            });
        });
    }

    void report()
    {
        RestoreEffect effect;
        effect.backup = m_restored.backup;
        effect.conversationsAdded = effect.backup.conversations;
        effect.messagesAdded = effect.backup.messages;
        effect.attachmentsAdded = effect.backup.attachments;
        QJsonObject object = effectJson(effect);
        object["mode"] = m_input.damaged ? "damaged" : "new";
        object["restored"] = true;
        object["backup"] = backupJson(effect.backup);
        const std::string &kept = m_restored.keptFolder;
        object["kept_folder"] = kept.empty() ? QJsonValue() : QJsonValue(QString::fromStdString(kept));
        std::string shown = "The vault was restored.\n" + backupText(effect.backup);
        if (!kept.empty())
            shown += "The damaged vault lies in \"" + kept
                     + "\". It still opens with the same secrets; remove it when you need it no longer.\n";
        output().result(object, shown);
        finish();
    }

    RestoreInput m_input;
    WorkProgress m_progress;
    RestoredVault m_restored;
    std::unique_ptr<Session> m_session;
};

/// Looks first whether there is a vault.
class BackupRestoreCommand final : public Command {
public:
    BackupRestoreCommand(Context &context, RestoreInput input) : Command(context), m_input(std::move(input)) {}
    void start() override
    {
        whenReady(this, context().parts.vault().status(), [this](const Result<VaultStatus> &status) {
            const bool exists = !status || status->exists;
            if (!exists && (m_input.merge || m_input.replace || m_input.damaged || m_input.preview))
                return finish(
                    Error{ErrorCode::Usage,
                          "There is no vault here, so there is nothing to merge with or to replace. Leave that "
                          "option out.",
                          {}});
            if (exists && int(m_input.merge) + int(m_input.replace) + int(m_input.damaged) != 1)
                return finish(Error{ErrorCode::Usage,
                                    "There is a vault here. Say what is to become of it: --merge adds what it does not "
                                    "have, --replace makes it what the backup is; --damaged is for a vault that cannot "
                                    "be opened. With --preview nothing is changed.",
                                    {}});
            if (exists && !m_input.damaged)
                hand(std::make_unique<RestoreIntoVault>(context(), m_input));
            else
                hand(std::make_unique<RestoreAsVault>(context(), m_input));
        });
    }
    void interrupt() override
    {
        if (m_chosen)
            m_chosen->interrupt();
        else
            Command::interrupt();
    }

private:
    void hand(std::unique_ptr<Command> command)
    {
        m_chosen = std::move(command);
        connect(m_chosen.get(), &Command::finished, this, &Command::finished);
        m_chosen->start();
    }

    RestoreInput m_input;
    std::unique_ptr<Command> m_chosen;
};

} // namespace

void addBackupRestore(CLI::App &backup, CommandFactory &chosen)
{
    const auto input = std::make_shared<RestoreInput>();
    CLI::App *restore = backup.add_subcommand("restore", "Take the content of a backup over, or make a vault from it");
    restore->add_option("FILE", input->file)->required();
    restore->add_flag("--merge", input->merge, "Add what the vault here does not have");
    restore->add_flag("--replace", input->replace, "Make the vault here what the backup is");
    restore->add_flag("--damaged", input->damaged, "Take the place of a vault that cannot be opened; it is put aside");
    restore->add_flag("--preview", input->preview, "Only say what would happen");
    restore->add_flag("--yes", input->yes, "Do not ask");
    restore->callback([&chosen, input] {
        chosen = [input](Context &c) { return std::make_unique<BackupRestoreCommand>(c, *input); };
    });
}

} // namespace tramontane::ctl
