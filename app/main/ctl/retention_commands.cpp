// SPDX-License-Identifier: Apache-2.0
// hold set, list, release; retention list, set, remove, run, reports.
#include "app/main/ctl/commands.h"
#include "app/main/ctl/id_arguments.h"
#include "app/main/ctl/table.h"

#include "app/core/clock.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

constexpr int kMostReports = 1000;

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

QJsonValue idOrNull(const Uuid &id)
{
    return id.isNull() ? QJsonValue() : QJsonValue(text(id.text()));
}

QJsonObject holdJson(const Hold &hold)
{
    return {{"id", text(hold.id.text())},
            {"conversation", idOrNull(hold.conversation.uuid())},
            {"folder", idOrNull(hold.folder.uuid())},
            {"reason", text(hold.reason)},
            {"set_by", text(hold.setBy)},
            {"set", text(rfc3339(hold.setMs))}};
}

struct HoldInput {
    std::string conversation;
    std::string folder;
    std::string reason;
    std::string release;
    enum class Act { List, Set, Release } act = Act::List;
};

class HoldCommand final : public VaultCommand {
public:
    HoldCommand(Context &context, HoldInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        switch (m_input.act) {
        case HoldInput::Act::List:
            return whenReady(this, session.retention().holds(),
                             [this](const Result<std::vector<Hold>> &holds) { show(holds); });
        case HoldInput::Act::Set: return set(session.retention());
        case HoldInput::Act::Release: break;
        }
        const auto id = idArgument<HoldId>(m_input.release, "hold", "hold list");
        if (!failed(id))
            whenReady(this, session.retention().releaseHold(*id),
                      [this](const Result<Hold> &hold) { showOne(hold, "Released: "); });
    }

private:
    void set(RetentionService &retention)
    {
        const auto conversation =
            m_input.conversation.empty()
                ? Result<ConversationId>(ConversationId())
                : idArgument<ConversationId>(m_input.conversation, "conversation", "conversation list");
        const auto folder = m_input.folder.empty() ? Result<FolderId>(FolderId())
                                                   : idArgument<FolderId>(m_input.folder, "folder", "folder list");
        if (failed(conversation) || failed(folder))
            return;
        whenReady(this, retention.setHold(*conversation, *folder, m_input.reason),
                  [this](const Result<Hold> &hold) { showOne(hold, "Set: "); });
    }

    void showOne(const Result<Hold> &hold, const std::string &done)
    {
        if (failed(hold))
            return;
        output().result(holdJson(*hold), done + hold->id.text() + "\n");
        VaultCommand::done();
    }

    void show(const Result<std::vector<Hold>> &holds)
    {
        if (failed(holds))
            return;
        QJsonArray items;
        Table table({"ID", "ON", "SINCE (UTC)", "BY", "REASON"});
        for (const Hold &hold : *holds) {
            items.append(holdJson(hold));
            table.add(
                {hold.id.text(),
                 hold.folder.isNull() ? "conversation " + hold.conversation.text() : "folder " + hold.folder.text(),
                 shortTime(hold.setMs), hold.setBy, hold.reason});
        }
        output().result({{"items", items}, {"next", QJsonValue()}}, holds->empty() ? "No holds.\n" : table.text());
        done();
    }

    HoldInput m_input;
};

QJsonObject ruleJson(const RetentionRule &rule)
{
    return {{"id", text(rule.id.text())},
            {"folder", idOrNull(rule.folder.uuid())},
            {"days", rule.days},
            {"action", text(retentionActionName(rule.action))}};
}

struct RuleInput {
    std::string folder;
    int days = 0;
    std::string action = "delete";
    int binDays = -1;
    std::string remove;
};

/// Changes what is to be changed, then shows everything that is in force.
class RetentionCommand final : public VaultCommand {
public:
    RetentionCommand(Context &context, RuleInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        const auto folder = m_input.folder.empty() ? Result<FolderId>(FolderId())
                                                   : idArgument<FolderId>(m_input.folder, "folder", "folder list");
        const auto removed = m_input.remove.empty()
                                 ? Result<RetentionRuleId>(RetentionRuleId())
                                 : idArgument<RetentionRuleId>(m_input.remove, "rule", "retention list");
        if (failed(folder) || failed(removed))
            return;
        RetentionService &retention = session.retention();
        Async<void> changed = ready<void>({});
        if (m_input.days > 0)
            changed = done(retention.setRule(*folder, m_input.days, *retentionActionFromName(m_input.action)));
        if (m_input.binDays >= 0)
            changed = andThen(this, changed, [this, &retention] { return retention.setBinDays(m_input.binDays); });
        if (!removed->isNull())
            changed = done(retention.removeRule(*removed));
        const auto limits = andThen(this, changed, [&retention] { return retention.limits(); });
        whenReady(this, limits, [this, &retention](const Result<RetentionLimits> &found) {
            if (failed(found))
                return;
            whenReady(this, retention.rules(), [this, found](const Result<std::vector<RetentionRule>> &rules) {
                if (!failed(rules))
                    show(*found, *rules);
            });
        });
    }

private:
    using VaultCommand::done;
    [[nodiscard]] Async<void> done(const Async<RetentionRule> &changed)
    {
        return andThen(this, changed, [](const RetentionRule &) { return ready<void>({}); });
    }

    void show(const RetentionLimits &limits, const std::vector<RetentionRule> &rules)
    {
        QJsonArray items;
        Table table({"RULE", "FOLDER", "DAYS", "THEN"});
        for (const RetentionRule &rule : rules) {
            items.append(ruleJson(rule));
            table.add({rule.id.text(), rule.folder.isNull() ? "all others" : rule.folder.text(),
                       std::to_string(rule.days), std::string(retentionActionName(rule.action))});
        }
        std::string shown = "The bin keeps conversations for " + std::to_string(limits.binDays) + " days.\n";
        if (limits.days > 0)
            shown += "Without a rule, conversations go after " + std::to_string(limits.days) + " days ("
                     + std::string(retentionActionName(limits.action)) + ")"
                     + (limits.binding ? ", and no rule keeps them longer: your administrator has set this" : "")
                     + ".\n";
        output().result({{"bin_days", limits.binDays},
                         {"days", limits.days > 0 ? QJsonValue(limits.days) : QJsonValue()},
                         {"action", text(retentionActionName(limits.action))},
                         {"binding", limits.binding},
                         {"items", items},
                         {"next", QJsonValue()}},
                        shown + table.text());
        done();
    }

    RuleInput m_input;
};

QJsonArray idList(const std::vector<ConversationId> &ids)
{
    QJsonArray list;
    for (const ConversationId id : ids)
        list.append(text(id.text()));
    return list;
}

QJsonObject reportJson(const RetentionReport &report)
{
    QJsonArray kept;
    for (const auto &entry : report.plan.kept)
        kept.append(QJsonObject{{"conversation", text(entry.conversation.text())}, {"hold", text(entry.hold.text())}});
    QJsonArray failures;
    for (const auto &entry : report.failed)
        failures.append(QJsonObject{{"conversation", text(entry.conversation.text())}, {"error", text(entry.error)}});
    return {{"ran", text(rfc3339(report.ranMs))},
            {"cause", text(retentionCauseName(report.cause))},
            {"dry_run", report.dryRun},
            {"deleted", idList(report.plan.toDelete)},
            {"erased", idList(report.plan.toErase)},
            {"emptied", idList(report.plan.toEmpty)},
            {"kept", kept},
            {"failed", failures}};
}

std::string reportText(const RetentionReport &report)
{
    const auto line = [&](std::size_t count, const std::string &what) {
        return count == 0 ? std::string() : "  " + std::to_string(count) + " " + what + "\n";
    };
    const std::string would = report.dryRun ? "would be " : "";
    const std::string lines = line(report.plan.toDelete.size(), would + "moved to the bin")
                              + line(report.plan.toErase.size(), would + "erased by a rule")
                              + line(report.plan.toEmpty.size(), would + "erased from the bin")
                              + line(report.plan.kept.size(), "kept by a legal hold")
                              + line(report.failed.size(), "not done");
    return shortTime(report.ranMs) + " (" + std::string(retentionCauseName(report.cause)) + ")\n"
           + (lines.empty() ? "  Nothing was due.\n" : lines);
}

class RetentionRunCommand final : public VaultCommand {
public:
    RetentionRunCommand(Context &context, bool dryRun) : VaultCommand(context), m_dryRun(dryRun) {}

protected:
    void run(Session &session) override
    {
        whenReady(this, session.retention().run(m_dryRun, RetentionReport::Cause::Asked),
                  [this](const Result<RetentionReport> &report) {
                      if (failed(report))
                          return;
                      output().result(reportJson(*report), reportText(*report));
                      done();
                  });
    }

private:
    bool m_dryRun = false;
};

class RetentionReportsCommand final : public VaultCommand {
public:
    RetentionReportsCommand(Context &context, int limit) : VaultCommand(context), m_limit(limit) {}

protected:
    void run(Session &session) override
    {
        whenReady(this, session.retention().reports(m_limit),
                  [this](const Result<std::vector<RetentionReport>> &reports) {
                      if (failed(reports))
                          return;
                      QJsonArray items;
                      std::string shown;
                      for (const RetentionReport &report : *reports) {
                          items.append(reportJson(report));
                          shown += reportText(report);
                      }
                      output().result({{"items", items}, {"next", QJsonValue()}},
                                      shown.empty() ? "No reports yet.\n" : shown);
                      done();
                  });
    }

private:
    int m_limit = 0;
};

void addHolds(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *hold = app.add_subcommand("hold", "Legal holds: what is held can be neither deleted nor erased");
    hold->require_subcommand(1);
    const auto input = std::make_shared<HoldInput>();
    const auto choose = [&chosen, input](CLI::App *command, HoldInput::Act act) {
        command->callback([&chosen, input, act] {
            input->act = act;
            chosen = [input](Context &context) { return std::make_unique<HoldCommand>(context, *input); };
        });
    };
    choose(hold->add_subcommand("list", "All holds, oldest first"), HoldInput::Act::List);
    CLI::App *set = hold->add_subcommand("set", "Hold a conversation, or everything in a folder");
    CLI::Option *conversation = set->add_option("--conversation", input->conversation)->type_name("ID");
    set->add_option("--folder", input->folder, "Also what lies in the folders in it")
        ->type_name("ID")
        ->excludes(conversation);
    set->add_option("--reason", input->reason, "Shown to whoever is refused")->required()->type_name("TEXT");
    choose(set, HoldInput::Act::Set);
    CLI::App *release = hold->add_subcommand("release", "End a hold");
    release->add_option("HOLD", input->release)->required();
    choose(release, HoldInput::Act::Release);
}

void addRules(CLI::App *retention, CommandFactory &chosen)
{
    const auto input = std::make_shared<RuleInput>();
    const auto choose = [&chosen, input](CLI::App *command) {
        command->callback([&chosen, input] {
            chosen = [input](Context &context) { return std::make_unique<RetentionCommand>(context, *input); };
        });
    };
    choose(retention->add_subcommand("list", "What is kept how long"));
    CLI::App *set = retention->add_subcommand("set", "Say how long conversations are kept");
    CLI::Option *days =
        set->add_option("--days", input->days, "Since their last change")->type_name("N")->check(CLI::Range(1, 36500));
    set->add_option("--folder", input->folder, "Only for this folder and those in it")->type_name("ID")->needs(days);
    set->add_option("--action", input->action, "delete moves them to the bin, erase removes them for good")
        ->check(CLI::IsMember({"delete", "erase"}))
        ->type_name("delete|erase")
        ->needs(days);
    CLI::Option *bin = set->add_option("--bin-days", input->binDays, "How long the bin keeps conversations")
                           ->type_name("N")
                           ->check(CLI::Range(0, 36500));
    set->callback([&chosen, input, days, bin] {
        if (days->count() + bin->count() == 0)
            throw CLI::RequiredError("--days or --bin-days");
        chosen = [input](Context &context) { return std::make_unique<RetentionCommand>(context, *input); };
    });
    CLI::App *remove = retention->add_subcommand("remove", "Remove a rule");
    remove->add_option("RULE", input->remove)->required();
    choose(remove);
}

} // namespace

void addRetentionCommands(CLI::App &app, CommandFactory &chosen)
{
    addHolds(app, chosen);
    CLI::App *retention = app.add_subcommand("retention", "How long conversations are kept");
    retention->require_subcommand(1);
    addRules(retention, chosen);

    const auto dryRun = std::make_shared<bool>(false);
    CLI::App *run = retention->add_subcommand("run", "Carry out what is due, and report");
    run->add_flag("--dry-run", *dryRun, "Only say what would go, and what a hold keeps");
    run->callback([&chosen, dryRun] {
        chosen = [dryRun](Context &context) { return std::make_unique<RetentionRunCommand>(context, *dryRun); };
    });

    const auto limit = std::make_shared<int>(20);
    CLI::App *reports = retention->add_subcommand("reports", "What earlier runs did, newest first");
    reports->add_option("--limit", *limit, "At most this many")->type_name("N")->check(CLI::Range(1, kMostReports));
    reports->callback([&chosen, limit] {
        chosen = [limit](Context &context) { return std::make_unique<RetentionReportsCommand>(context, *limit); };
    });
}

} // namespace tramontane::ctl
