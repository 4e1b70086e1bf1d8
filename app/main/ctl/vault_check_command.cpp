// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"
#include "app/services/vault_check.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

QJsonObject checkJson(const VaultCheckResult &found)
{
    QJsonArray findings;
    for (const VaultFinding &finding : found.findings)
        findings.append(QJsonObject{{"part", text(finding.part)}, {"problem", text(finding.problem)}});
    const auto textOrNull = [](const std::string &value) {
        return value.empty() ? QJsonValue() : QJsonValue(text(value));
    };
    return {{"whole", found.whole()},
            {"findings", findings},
            {"records", qint64(found.log.records)},
            {"missing_messages", QJsonObject{{"count", found.missing.count},
                                             {"first", textOrNull(found.missing.first)},
                                             {"after", textOrNull(found.missing.after)}}}};
}

std::string checkText(const VaultCheckResult &found)
{
    if (found.whole())
        return "The vault is whole: both databases, the keys, the ways to open it, the log with its "
               + std::to_string(found.log.records) + " records, and every message that the log names.\n";
    std::string out;
    for (const VaultFinding &finding : found.findings)
        out += finding.part + ": " + finding.problem + "\n";
    return out;
}

/// What makes a vault that does not hold exit with 4.
std::optional<Error> problem(const VaultCheckResult &found)
{
    if (found.whole())
        return std::nullopt;
    const VaultFinding &first = found.findings.front();
    const std::string more =
        found.findings.size() > 1 ? " And " + std::to_string(found.findings.size() - 1) + " more." : "";
    if (found.findings.size() == 1 && first.part == "messages")
        return Error{ErrorCode::MessagesMissing, first.problem, {}};
    return Error{ErrorCode::VaultDamaged, first.part + ": " + first.problem + more, {}};
}

class VaultCheckCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        m_check = std::make_unique<VaultCheck>(session.vault(), session.audit());
        whenReady(this, m_check->run(), [this](const Result<VaultCheckResult> &found) {
            if (failed(found))
                return;
            output().result(checkJson(*found), checkText(*found));
            done(problem(*found));
        });
    }

private:
    std::unique_ptr<VaultCheck> m_check;
};

} // namespace

void addVaultCheck(CLI::App &vault, CommandFactory &chosen)
{
    vault
        .add_subcommand("check", "Prove that the vault is whole: databases, keys, log, messages; exit status 4 if not")
        ->callback(
            [&chosen] { chosen = [](Context &context) { return std::make_unique<VaultCheckCommand>(context); }; });
}

} // namespace tramontane::ctl
