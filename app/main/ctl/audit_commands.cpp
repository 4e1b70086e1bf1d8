// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"
#include "app/main/ctl/time_argument.h"

#include "app/core/clock.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <QJsonDocument>

namespace tramontane::ctl {
namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

class AuditListCommand final : public VaultCommand {
public:
    AuditListCommand(Context &context, AuditFilter filter) : VaultCommand(context), m_filter(std::move(filter)) {}

protected:
    [[nodiscard]] Status prepare() override
    {
        for (std::string *time : {&m_filter.sinceTime, &m_filter.untilTime}) {
            if (time->empty())
                continue;
            const auto moment = timeArgument(*time);
            if (!moment)
                return moment.error();
            *time = rfc3339(*moment);
        }
        return {};
    }

    void run(Session &session) override
    {
        whenReady(this, session.audit().list(m_filter), [this](const Result<std::vector<AuditRow>> &rows) {
            if (!failed(rows))
                show(*rows);
        });
    }

private:
    void show(const std::vector<AuditRow> &rows)
    {
        QJsonArray items;
        Table table({"SEQ", "TIME", "EVENT", "OUTCOME", "ATTEMPT"});
        for (const AuditRow &row : rows) {
            items.append(
                QJsonObject{{"seq", qint64(row.seq)},
                            {"time", text(row.time)},
                            {"event", text(row.event)},
                            {"outcome", text(row.outcome)},
                            {"corr", text(row.corr)},
                            {"leaf", text(row.leaf)},
                            {"record", QJsonDocument::fromJson(QByteArray::fromStdString(row.body)).object()}});
            table.add({std::to_string(row.seq), row.time, row.event, row.outcome, row.corr});
        }
        const bool more = std::ssize(rows) == m_filter.limit;
        output().result({{"items", items}, {"next", more ? QJsonValue(qint64(rows.back().seq)) : QJsonValue()}},
                        rows.empty() ? "No such records.\n" : table.text());
        done();
    }

    AuditFilter m_filter;
};

QJsonArray strings(const std::vector<std::string> &all)
{
    QJsonArray array;
    for (const std::string &one : all)
        array.append(text(one));
    return array;
}

QJsonObject gapJson(const AuditGap &gap)
{
    return {{"seq", qint64(gap.seq)},
            {"after", qint64(gap.after)},
            {"missing", qint64(gap.missing)},
            {"root", text(gap.root)}};
}

QJsonArray gapsJson(const std::vector<AuditGap> &gaps)
{
    QJsonArray array;
    for (const AuditGap &gap : gaps)
        array.append(gapJson(gap));
    return array;
}

QJsonObject verificationJson(const AuditVerification &found)
{
    return {{"whole", found.whole()},
            {"records", qint64(found.records)},
            {"checkpoints", found.checkpoints},
            {"every_signature", found.everySignature},
            {"head", QJsonObject{{"size", qint64(found.head.size)}, {"root", text(found.head.root)}}},
            {"first_broken", found.firstBroken ? QJsonValue(qint64(*found.firstBroken)) : QJsonValue()},
            {"broken", strings(found.broken)},
            {"open_attempts", strings(found.openAttempts)},
            {"missing", qint64(found.missing)},
            {"missing_after", qint64(found.missingAfter)},
            {"newest_known_head", text(found.newestKnownHead)},
            {"gaps", gapsJson(found.gaps)}};
}

std::string gapText(const AuditGap &gap)
{
    return "Record " + std::to_string(gap.seq) + " says: " + std::to_string(gap.missing) + " record(s) after record "
           + std::to_string(gap.after) + " are lost.\n";
}

std::string verificationText(const AuditVerification &found)
{
    std::string out;
    if (found.whole())
        out =
            found.gaps.empty() ? "None missing or changed.\n" : "None missing or changed but for what the log says:\n";
    for (const AuditGap &gap : found.gaps)
        out += gapText(gap);
    for (const std::string &sentence : found.broken)
        out += sentence + "\n";
    return out
           + properties({{"Records", std::to_string(found.records)},
                         {"Checkpoints", std::to_string(found.checkpoints)},
                         {"Signatures checked", found.everySignature ? "all" : "every 64th; --full checks all"},
                         {"Root", found.head.root},
                         {"Attempts without an outcome", std::to_string(found.openAttempts.size())}});
}

/// What makes a log that does not hold exit with 4.
std::optional<Error> finding(const AuditVerification &found)
{
    if (!found.broken.empty()) {
        const std::string where =
            found.firstBroken ? " The first such record is number " + std::to_string(*found.firstBroken) + "." : "";
        return Error{ErrorCode::AuditBroken, "The log was changed or is damaged." + where, {}};
    }
    if (found.missing > 0)
        return Error{ErrorCode::AuditRecordsMissing,
                     std::to_string(found.missing) + " records are missing after record "
                         + std::to_string(found.missingAfter) + ": the log is older than a head that is known from \""
                         + found.newestKnownHead + "\".",
                     {}};
    return std::nullopt;
}

class AuditVerifyCommand final : public VaultCommand {
public:
    AuditVerifyCommand(Context &context, VerifyDepth depth) : VaultCommand(context), m_depth(depth) {}

protected:
    void run(Session &session) override
    {
        whenReady(this, session.audit().verify(m_depth), [this](const Result<AuditVerification> &found) {
            if (failed(found))
                return;
            output().result(verificationJson(*found), verificationText(*found));
            done(finding(*found));
        });
    }

private:
    VerifyDepth m_depth;
};

class AuditCheckpointCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        whenReady(this, session.audit().checkpoint(), [this](const Result<std::string> &note) {
            if (failed(note))
                return;
            output().result({{"checkpoint", text(*note)}}, *note);
            done();
        });
    }
};

class AuditAcceptGapCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        whenReady(this, session.audit().acceptGap(), [this](const Result<AuditGap> &gap) {
            if (failed(gap))
                return;
            output().result(gapJson(*gap), gapText(*gap));
            done();
        });
    }
};

void addVerify(CLI::App &audit, CommandFactory &chosen)
{
    const auto full = std::make_shared<bool>(false);
    CLI::App *verify =
        audit.add_subcommand("verify", "Prove that no record is missing or changed; exit status 4 if not");
    verify->add_flag("--full", *full,
                     "Check the signature after every record; without it, in a log of more than 20 000 records, only "
                     "every 64th, which proves the records all the same");
    verify->callback([&chosen, full] {
        chosen = [full](Context &context) {
            return std::make_unique<AuditVerifyCommand>(context, *full ? VerifyDepth::Full : VerifyDepth::Usual);
        };
    });
}

void addList(CLI::App &audit, CommandFactory &chosen)
{
    const auto filter = std::make_shared<AuditFilter>();
    CLI::App *list = audit.add_subcommand("list", "Records in order");
    list->add_option("--event", filter->event, "Exact name, or a beginning that ends in a full stop")
        ->type_name("NAME");
    list->add_option("--outcome", filter->outcome, "unknown, success, failure or denied")
        ->check(CLI::IsMember({"unknown", "success", "failure", "denied"}))
        ->type_name("O");
    list->add_option("--attempt", filter->corr, "Records of one attempt")->type_name("ID");
    list->add_option("--since", filter->sinceTime, "From this date or time on")->type_name("TIME");
    list->add_option("--until", filter->untilTime, "Before this date or time")->type_name("TIME");
    list->add_option("--after", filter->afterSeq, "Only above this number")->type_name("SEQ");
    list->add_option("--limit", filter->limit, "At most this many")->type_name("N")->check(CLI::Range(1, 1'000'000));
    list->callback([&chosen, filter] {
        chosen = [filter](Context &context) { return std::make_unique<AuditListCommand>(context, *filter); };
    });
}

} // namespace

void addAuditCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *audit = app.add_subcommand("audit", "The log of everything that was done");
    audit->require_subcommand(1);
    addList(*audit, chosen);
    addVerify(*audit, chosen);
    audit->add_subcommand("checkpoint", "Sign the present state of the log and print the note")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<AuditCheckpointCommand>(context); };
    });
    audit
        ->add_subcommand("accept-gap", "Go on with a log that has lost records: it says for good which; never needed "
                                       "unless a command says AUDIT_RECORDS_MISSING")
        ->callback(
            [&chosen] { chosen = [](Context &context) { return std::make_unique<AuditAcceptGapCommand>(context); }; });
}

} // namespace tramontane::ctl
