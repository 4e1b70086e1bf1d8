// SPDX-License-Identifier: Apache-2.0
// vault rotate, vault rollback.
#include "app/main/ctl/backup_json.h"
#include "app/main/ctl/commands.h"
#include "app/main/ctl/confirmation.h"
#include "app/main/ctl/table.h"
#include "app/main/ctl/work_progress.h"
#include "app/services/key_rotation.h"

#include <CLI/CLI.hpp>

namespace tramontane::ctl {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

/// The work counts pages.
LongWork inBytes(LongWork work)
{
    return {[progress = work.progress](std::uint64_t done, std::uint64_t total) {
                progress(done * kPageBytes, total * kPageBytes);
            },
            work.stop};
}

class VaultRotateCommand final : public VaultCommand {
public:
    explicit VaultRotateCommand(Context &context) : VaultCommand(context), m_progress(context.output) {}

protected:
    void run(Session &session) override
    {
        const std::string corr = AttemptId::make(context().parts.clock().utcMs()).text();
        whenReady(this,
                  rotateVaultKey(this, session.vault(), context().parts.policy(), corr, inBytes(m_progress.work())),
                  [this](const Result<RotatedKey> &key) {
                      if (failed(key))
                          return;
                      output().result({{"version", key->version}, {"bytes", qint64(key->bytes)}},
                                      "The vault has another key now (number " + std::to_string(key->version)
                                          + "). Passphrases and other ways to open it are as they were; backups keep "
                                            "the key that they were made with.\n");
                      done();
                  });
    }

private:
    WorkProgress m_progress;
};

struct RollbackInput {
    bool preview = false;
    bool yes = false;
};

class VaultRollbackCommand final : public VaultCommand {
public:
    VaultRollbackCommand(Context &context, RollbackInput input)
        : VaultCommand(context), m_input(input), m_progress(context.output)
    {
    }

protected:
    void run(Session &session) override
    {
        whenReady(this, session.backups().previewRollback(m_progress.work()),
                  [this](const Result<RestoreEffect> &effect) {
                      if (failed(effect))
                          return;
                      if (m_input.preview)
                          return show(*effect, false);
                      const std::string question =
                          "This goes back to the vault as it was before the last update of its format, "
                          + rfc3339(effect->backup.info.createdMs) + ".\n" + effectText(*effect, false)
                          + "Make a backup first, if anything of that is needed. Go on?";
                      if (!failed(confirm(m_input.yes, question)))
                          rollBack();
                  });
    }

private:
    void rollBack()
    {
        whenReady(this, session().backups().rollback(m_progress.work()), [this](const Result<RestoreEffect> &effect) {
            if (!failed(effect))
                show(*effect, true);
        });
    }

    void show(const RestoreEffect &effect, bool rolledBack)
    {
        QJsonObject object = effectJson(effect);
        object["rolled_back"] = rolledBack;
        object["created"] = QString::fromStdString(rfc3339(effect.backup.info.createdMs));
        object["schema"] = effect.backup.info.schema;
        output().result(object, effectText(effect, rolledBack)
                                    + (rolledBack ? "The vault has format " + std::to_string(effect.backup.info.schema)
                                                        + " again. The next program that opens it brings it to its own "
                                                          "format: open it with the older one.\n"
                                                  : std::string()));
        done();
    }

    RollbackInput m_input;
    WorkProgress m_progress;
};

} // namespace

void addVaultRotationCommands(CLI::App &vault, CommandFactory &chosen)
{
    vault.add_subcommand("rotate", "Give the vault another key; the ways to open it stay")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<VaultRotateCommand>(context); };
    });
    const auto input = std::make_shared<RollbackInput>();
    CLI::App *rollback =
        vault.add_subcommand("rollback", "Go back to the copy of before the last update of the vault's format");
    rollback->add_flag("--preview", input->preview, "Only say what would happen");
    rollback->add_flag("--yes", input->yes, "Do not ask");
    rollback->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<VaultRollbackCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
