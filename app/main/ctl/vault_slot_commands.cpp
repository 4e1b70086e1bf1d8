// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/passphrase.h"
#include "app/main/ctl/slot_command.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

class SlotListCommand final : public Command {
public:
    using Command::Command;
    void start() override
    {
        whenReady(this, context().parts.vault().status(), [this](const Result<VaultStatus> &status) {
            if (!status)
                return finish(status.error());
            if (!status->exists)
                return finish(
                    Error{ErrorCode::VaultMissing, "There is no vault in \"" + status->directory + "\".", {}});
            show(status->slots);
        });
    }

private:
    void show(const std::vector<SlotInfo> &slots)
    {
        const EffectivePolicy &policy = context().parts.policy().current();
        QJsonArray items;
        Table table({"ID", "KIND", "MADE", "FOR"});
        for (const SlotInfo &slot : slots) {
            items.append(slotJson(slot));
            const bool sealed = slot.kind == SlotKind::Organisation;
            table.add({slot.id, std::string(slotKindName(slot.kind)), shortTime(slot.createdMs),
                       sealed ? slot.organisation + " " + slot.fingerprint : std::string()});
        }
        const QJsonValue alarm = alarmJson(slots, policy);
        output().result({{"items", items}, {"next", QJsonValue()}, {"alarm", alarm}},
                        table.text() + (alarm.isNull() ? "" : "\n" + alarm.toString().toStdString() + "\n"));
        finish();
    }
};

class AddPassphraseCommand final : public SlotCommand {
public:
    AddPassphraseCommand(Context &context, std::string file) : SlotCommand(context), m_file(std::move(file)) {}

protected:
    void change(SlotService &slots) override
    {
        const auto passphrase = anotherPassphrase(m_file);
        if (failed(passphrase))
            return;
        whenReady(this, slots.addPassphrase(*passphrase), [this](const Result<SlotInfo> &made) {
            reportMade(made, "The vault opens with this passphrase, too.");
        });
    }

private:
    std::string m_file;
};

class ChangePassphraseCommand final : public SlotCommand {
public:
    ChangePassphraseCommand(Context &context, std::string id, std::string file)
        : SlotCommand(context), m_id(std::move(id)), m_file(std::move(file))
    {
    }

protected:
    void change(SlotService &slots) override
    {
        const auto passphrase = anotherPassphrase(m_file);
        if (failed(passphrase))
            return;
        whenReady(this, slots.changePassphrase(m_id, *passphrase), [this](const Result<SlotInfo> &made) {
            reportMade(made, "The passphrase was changed. The old one opens this vault no longer; it still opens older "
                             "backups.");
        });
    }

private:
    std::string m_id;
    std::string m_file;
};

class AddKeychainCommand final : public SlotCommand {
public:
    using SlotCommand::SlotCommand;

protected:
    void change(SlotService &slots) override
    {
        whenReady(this, slots.addKeychain(), [this](const Result<SlotInfo> &made) {
            reportMade(made, "The vault opens with the keychain of this system, too.");
        });
    }
};

class RemoveSlotCommand final : public SlotCommand {
public:
    RemoveSlotCommand(Context &context, std::string id) : SlotCommand(context), m_id(std::move(id)) {}

protected:
    void change(SlotService &slots) override
    {
        whenReady(this, slots.remove(m_id), [this](const Result<RemovedSlot> &removed) {
            if (failed(removed))
                return;
            const std::string left =
                removed->keyLeftInKeychain ? " Its key is still in the keychain, and opens this vault no longer." : "";
            report(removed->slot, "Removed: " + slotText(removed->slot) + "." + left,
                   {{"keychainKeyLeft", removed->keyLeftInKeychain}});
        });
    }

private:
    std::string m_id;
};

/// Makes `chosen` what makes this command out of the options that are there by then.
template <class MakeCommand>
void choose(CLI::App *app, CommandFactory &chosen, MakeCommand make)
{
    app->callback([&chosen, make] { chosen = make; });
}

void addNewPassphraseFile(CLI::App *command, const std::shared_ptr<std::string> &file)
{
    command->add_option("--new-passphrase-file", *file, "Read the new passphrase from this file")->type_name("FILE");
}

void addAddCommands(CLI::App &slot, CommandFactory &chosen)
{
    CLI::App *add = slot.add_subcommand("add", "Add a way to open the vault");
    add->require_subcommand(1);
    const auto file = std::make_shared<std::string>();
    CLI::App *passphrase = add->add_subcommand("passphrase", "Another passphrase");
    addNewPassphraseFile(passphrase, file);
    choose(passphrase, chosen,
           [file](Context &context) { return std::make_unique<AddPassphraseCommand>(context, *file); });
    choose(add->add_subcommand("keychain", "A key in the keychain of this system"), chosen,
           [](Context &context) { return std::make_unique<AddKeychainCommand>(context); });
    addRecoverySlotCommand(*add, chosen);
    addOrganisationSlotCommand(*add, chosen);
}

} // namespace

void addVaultSlotCommands(CLI::App &vault, CommandFactory &chosen)
{
    choose(vault.add_subcommand("slots", "The ways to open the vault"), chosen,
           [](Context &context) { return std::make_unique<SlotListCommand>(context); });
    CLI::App *slot = vault.add_subcommand("slot", "Add, change or remove a way to open the vault");
    slot->require_subcommand(1);
    addAddCommands(*slot, chosen);

    const auto id = std::make_shared<std::string>();
    CLI::App *remove = slot->add_subcommand("remove", "Remove a way to open the vault; the last one stays");
    remove->add_option("ID", *id, "As \"vault slots\" shows it")->required();
    choose(remove, chosen, [id](Context &context) { return std::make_unique<RemoveSlotCommand>(context, *id); });

    const auto which = std::make_shared<std::string>();
    const auto file = std::make_shared<std::string>();
    CLI::App *changed = slot->add_subcommand("change-passphrase", "A new passphrase in the place of an old one");
    changed->add_option("ID", *which, "Which one, where there are several");
    addNewPassphraseFile(changed, file);
    choose(changed, chosen, [which, file](Context &context) {
        return std::make_unique<ChangePassphraseCommand>(context, *which, *file);
    });
}

} // namespace tramontane::ctl
