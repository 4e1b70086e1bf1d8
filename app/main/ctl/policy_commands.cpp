// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace tramontane::ctl {
namespace {

constexpr qint64 kLongestPolicy = 1024 * 1024; // what is read; the rules set a lower limit themselves

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

const char *modeName(PolicyMode mode)
{
    switch (mode) {
    case PolicyMode::Unmanaged: return "unmanaged";
    case PolicyMode::Managed: return "managed";
    case PolicyMode::Invalid: break;
    }
    return "invalid";
}

const char *sourceName(PolicyValueSource source)
{
    switch (source) {
    case PolicyValueSource::Default: return "default";
    case PolicyValueSource::Recommended: return "recommended";
    case PolicyValueSource::User: return "user";
    case PolicyValueSource::Managed: break;
    }
    return "managed";
}

/// A JSON value of any kind; QJsonDocument reads only arrays and objects.
QJsonValue parsed(const std::string &json)
{
    return QJsonDocument::fromJson("[" + QByteArray::fromStdString(json) + "]").array().at(0);
}

QJsonArray strings(const std::vector<std::string> &all)
{
    QJsonArray array;
    for (const std::string &one : all)
        array.append(text(one));
    return array;
}

class PolicyShowCommand final : public Command {
public:
    using Command::Command;
    void start() override
    {
        const EffectivePolicy &policy = context().parts.policy().current();
        QJsonArray values;
        Table table({"KEY", "VALUE", "SOURCE", "LOCKED", "REASON"});
        for (const auto &[key, value] : policy.values) {
            values.append(QJsonObject{{"key", text(key)},
                                      {"value", parsed(value.json)},
                                      {"source", sourceName(value.source)},
                                      {"locked", value.locked},
                                      {"reason", text(value.reason)}});
            table.add({key, value.json, sourceName(value.source), value.locked ? "yes" : "no", value.reason});
        }
        std::string shown =
            properties({{"Mode", modeName(policy.mode)}, {"Policy", policy.id}, {"SHA-256", policy.sha256}});
        for (const std::string &problem : policy.problems)
            shown += "Problem: " + problem + "\n";
        output().result({{"mode", modeName(policy.mode)},
                         {"id", text(policy.id)},
                         {"sha256", text(policy.sha256)},
                         {"values", values},
                         {"problems", strings(policy.problems)},
                         {"sources", strings(policy.sources)}},
                        shown + "\n" + table.text());
        finish();
    }
};

class PolicyCheckCommand final : public Command {
public:
    PolicyCheckCommand(Context &context, std::string file) : Command(context), m_file(std::move(file)) {}
    void start() override
    {
        QFile file(text(m_file));
        if (!file.open(QFile::ReadOnly))
            return finish(Error{ErrorCode::NotFound, "\"" + m_file + "\" cannot be read.", {}});
        const std::string policy = file.read(kLongestPolicy).toStdString();
        if (const Status valid = checkPolicyText(policy); !valid) {
            Error error = valid.error();
            if (!error.detail.empty())
                error.message += " (" + error.detail + ")";
            return finish(error);
        }
        output().result({{"valid", true}, {"file", text(m_file)}}, "The policy is valid.\n");
        finish();
    }

private:
    std::string m_file;
};

class PolicySchemaCommand final : public Command {
public:
    using Command::Command;
    void start() override
    {
        output().raw(policySchemaText());
        finish();
    }
};

} // namespace

void addPolicyCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *policy = app.add_subcommand("policy", "What the administrator of this machine set; needs no vault");
    policy->require_subcommand(1);
    policy->add_subcommand("show", "Every key with its value, source and lock")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<PolicyShowCommand>(context); };
    });
    const auto file = std::make_shared<std::string>();
    CLI::App *check = policy->add_subcommand("check", "Check a policy file before it is installed");
    check->add_option("FILE", *file)->required();
    check->callback([&chosen, file] {
        chosen = [file](Context &context) { return std::make_unique<PolicyCheckCommand>(context, *file); };
    });
    policy->add_subcommand("schema", "The JSON Schema of policy files")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<PolicySchemaCommand>(context); };
    });
}

} // namespace tramontane::ctl
