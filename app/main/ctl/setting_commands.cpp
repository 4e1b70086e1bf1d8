// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <QJsonDocument>

namespace tramontane::ctl {
namespace {

const char *sourceName(PolicyValueSource source)
{
    switch (source) {
    case PolicyValueSource::Default: return "default";
    case PolicyValueSource::Recommended: return "recommended";
    case PolicyValueSource::User: return "user";
    case PolicyValueSource::Managed: return "managed";
    }
    return "default";
}

QJsonValue value(const Setting &setting)
{
    const QByteArray list = QByteArray::fromStdString("[" + setting.json + "]");
    return QJsonDocument::fromJson(list).array().at(0);
}

QJsonObject toJson(const Setting &setting)
{
    return {{"name", QString::fromStdString(setting.name)},
            {"value", value(setting)},
            {"source", sourceName(setting.source)},
            {"locked", setting.locked},
            {"reason", QString::fromStdString(setting.reason)}};
}

class SettingListCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        QJsonArray items;
        Table table({"SETTING", "VALUE", "FROM", "REASON"});
        for (const Setting &setting : session.settings().list()) {
            items.append(toJson(setting));
            table.add({setting.name, setting.json,
                       std::string(sourceName(setting.source)) + (setting.locked ? ", locked" : ""), setting.reason});
        }
        output().result({{"items", items}, {"next", QJsonValue()}}, table.text());
        done();
    }
};

class SettingSetCommand final : public VaultCommand {
public:
    SettingSetCommand(Context &context, std::string name, std::string text)
        : VaultCommand(context), m_name(std::move(name)), m_text(std::move(text))
    {
    }

protected:
    void run(Session &session) override
    {
        whenReady(this, session.settings().set(m_name, m_text), [this](const Result<Setting> &set) {
            if (failed(set))
                return;
            output().result(toJson(*set), set->name + " is " + set->json + " now.\n");
            done();
        });
    }

private:
    std::string m_name;
    std::string m_text;
};

} // namespace

void addSettingCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *setting = app.add_subcommand("setting", "What you may set yourself, and what your administrator has set");
    setting->require_subcommand(1);
    setting->add_subcommand("list", "All settings, their values and where these come from")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<SettingListCommand>(context); };
    });
    CLI::App *set = setting->add_subcommand("set", "Change a setting; it is kept in the vault");
    const auto name = std::make_shared<std::string>();
    const auto text = std::make_shared<std::string>();
    set->add_option("NAME", *name, "Its name")->required();
    set->add_option("VALUE", *text, "A number, or true or false")->required();
    set->callback([&chosen, name, text] {
        chosen = [name, text](Context &context) { return std::make_unique<SettingSetCommand>(context, *name, *text); };
    });
}

} // namespace tramontane::ctl
