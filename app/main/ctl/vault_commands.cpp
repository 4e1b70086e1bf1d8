// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/passphrase.h"
#include "app/main/ctl/slot_json.h"
#include "app/main/ctl/table.h"

#include "app/services/disk_room.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

QJsonObject statusJson(const VaultStatus &status, const EffectivePolicy &policy)
{
    QJsonArray slots;
    for (const SlotInfo &slot : status.slots)
        slots.append(slotJson(slot));
    const auto textOrNull = [](const std::string &text) {
        return text.empty() ? QJsonValue() : QJsonValue(QString::fromStdString(text));
    };
    return {{"exists", status.exists},
            {"directory", QString::fromStdString(status.directory)},
            {"vault", textOrNull(status.vaultId)},
            {"format", status.formatVersion},
            {"slots", slots},
            {"alarm", alarmJson(status.slots, policy)},
            {"owner", textOrNull(status.owner)},
            {"reserve", QJsonObject{{"bytes", qint64(status.reserve.bytes)},
                                    {"wanted", qint64(status.reserve.wantedBytes)},
                                    {"needed", qint64(status.reserve.roomNeededBytes)}}}};
}

std::string reserveText(const ReserveStatus &reserve)
{
    if (reserve.whole())
        return megabytes(reserve.bytes);
    if (reserve.roomNeededBytes == 0)
        return "nothing; it is written when the vault is opened next";
    return "nothing; new questions need " + megabytes(reserve.roomNeededBytes) + " more on the disk";
}

std::string statusText(const VaultStatus &status, const EffectivePolicy &policy)
{
    if (!status.exists)
        return "There is no vault in " + status.directory + "\n";
    std::string slots;
    for (const SlotInfo &slot : status.slots)
        slots += (slots.empty() ? "" : ", ") + slotText(slot);
    return properties({{"Directory", status.directory},
                       {"Vault", status.vaultId},
                       {"Opens with", slots},
                       {"In use by", status.owner.empty() ? "nobody" : status.owner},
                       {"Kept for a full disk", reserveText(status.reserve)},
                       {"Alarm", alarmJson(status.slots, policy).toString().toStdString()}});
}

class VaultStatusCommand final : public Command {
public:
    using Command::Command;
    void start() override
    {
        whenReady(this, context().parts.vault().status(), [this](const Result<VaultStatus> &status) {
            if (!status)
                return finish(status.error());
            const EffectivePolicy &policy = context().parts.policy().current();
            output().result(statusJson(*status, policy), statusText(*status, policy));
            finish();
        });
    }
};

class VaultInitCommand final : public Command {
public:
    VaultInitCommand(Context &context, bool keychain) : Command(context), m_keychain(keychain) {}

    void start() override
    {
        VaultService &vault = context().parts.vault();
        // Nobody types a new passphrase twice to hear then that there is a vault already.
        whenReady(this, vault.status(), [this, &vault](const Result<VaultStatus> &status) {
            if (!status)
                return finish(status.error());
            if (status->exists)
                return finish(Error{ErrorCode::VaultExists,
                                    "There is a vault in \"" + status->directory + "\" already. Nothing was changed.",
                                    {}});
            if (m_keychain)
                return whenReady(this, vault.createWithKeychain(), [this](const Made &made) { created(made); });
            const auto passphrase = newPassphrase(context().options);
            if (!passphrase)
                return finish(passphrase.error());
            whenReady(this, vault.createWithPassphrase(*passphrase), [this](const Made &made) { created(made); });
        });
    }
    /// What is being made is finished, so that no half of it is left.
    void interrupt() override {}

private:
    using Made = Result<std::shared_ptr<OpenVault>>;

    void created(const Made &made)
    {
        if (!made)
            return finish(made.error());
        m_session = context().parts.makeSession(*made);
        whenReady(this, m_session->start(), [this](const Status &started) {
            whenReady(this, m_session->end(), [this, started](const Status &ended) {
                if (!started || !ended)
                    return finish(started ? ended.error() : started.error());
                report();
            });
        });
    }

    void report()
    {
        whenReady(this, context().parts.vault().status(), [this](const Result<VaultStatus> &status) {
            if (!status)
                return finish(status.error());
            const EffectivePolicy &policy = context().parts.policy().current();
            output().result(statusJson(*status, policy), "The vault was made.\n" + statusText(*status, policy));
            finish();
        });
    }

    bool m_keychain = false;
    std::unique_ptr<Session> m_session;
};

} // namespace

void addVaultCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *vault = app.add_subcommand("vault", "Make a vault, check it, and decide what opens it");
    vault->require_subcommand(1);
    CLI::App *init = vault->add_subcommand("init", "Make a new vault");
    const auto keychain = std::make_shared<bool>(false);
    init->add_flag("--keychain", *keychain,
                   "Keep its key in the keychain of the system instead of asking for a passphrase");
    init->callback([&chosen, keychain] {
        chosen = [keychain](Context &context) { return std::make_unique<VaultInitCommand>(context, *keychain); };
    });
    addVaultCheck(*vault, chosen);
    vault->add_subcommand("status", "Directory, slots, and who has it open")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<VaultStatusCommand>(context); };
    });
    addVaultStorageCommand(*vault, chosen);
    addVaultSlotCommands(*vault, chosen);
    addVaultUnlockCommand(*vault, chosen);
    addVaultRotationCommands(*vault, chosen);
    addOrganisationKeyCommands(*vault, chosen);
}

} // namespace tramontane::ctl
