// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/sqlite_retention_repository.h"

#include "storage/repositories/folder_rows.h"
#include "storage/repositories/hold_rows.h"
#include "storage/repositories/retention_report_json.h"
#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

constexpr std::size_t kLongestReason = 1000;
constexpr int kMostDays = 36500;
constexpr int kKeptReports = 1000;

Error notFound(std::string detail)
{
    return Error{ErrorCode::NotFound, "There is no such conversation, folder, hold or rule. Nothing was changed.",
                 std::move(detail)};
}

Status checkThere(Connection &connection, std::string_view sql, const Uuid &id)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    const auto row = select->bind(id).step();
    if (!row)
        return row.error();
    return *row ? Status() : Status(notFound(id.text()));
}

Result<Hold> insertHold(Connection &connection, const Hold &hold)
{
    const auto there = hold.folder.isNull()
                           ? checkThere(connection, "SELECT 1 FROM conversation WHERE id = ?", hold.conversation.uuid())
                           : checkThere(connection, "SELECT 1 FROM folder WHERE id = ?", hold.folder.uuid());
    if (!there)
        return there.error();
    auto insert = connection.prepare(
        "INSERT INTO hold (id, conversation, folder, reason, set_by, set_ms) VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    const auto done = insert->bind(hold.id, hold.conversation, hold.folder, hold.reason, hold.setBy, hold.setMs).run();
    return done ? Result<Hold>(hold) : done.error();
}

template <class T, class Read>
Result<std::vector<T>> readAll(Connection &connection, std::string_view sql, Read read)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    std::vector<T> all;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return all;
        all.push_back(read(*select));
    }
}

Result<std::vector<Hold>> readHolds(Connection &connection)
{
    return readAll<Hold>(connection, "SELECT " + std::string(kHoldColumns) + " FROM hold h ORDER BY h.set_ms, h.id",
                         readHold);
}

Result<std::vector<RetentionRule>> readRules(Connection &connection)
{
    return readAll<RetentionRule>(
        connection, "SELECT id, folder, days, action FROM retention_rule ORDER BY folder IS NOT NULL, folder",
        [](const sqlite::Statement &row) {
            return RetentionRule{RetentionRuleId(row.uuid(0)), FolderId(row.uuid(1)), static_cast<int>(row.integer(2)),
                                 retentionActionFromName(row.text(3)).value_or(RetentionAction::Delete)};
        });
}

Result<std::vector<RetentionCandidate>> readCandidates(Connection &connection)
{
    return readAll<RetentionCandidate>(
        connection, "SELECT id, folder, updated_ms, deleted_ms FROM conversation ORDER BY id",
        [](const sqlite::Statement &row) {
            RetentionCandidate candidate{ConversationId(row.uuid(0)), FolderId(row.uuid(1)), row.integer(2), {}};
            if (!row.isNull(3))
                candidate.deletedMs = row.integer(3);
            return candidate;
        });
}

Result<RetentionFacts> readFacts(Connection &connection)
{
    auto conversations = readCandidates(connection);
    if (!conversations)
        return conversations.error();
    auto folders = readFolders(connection);
    if (!folders)
        return folders.error();
    auto rules = readRules(connection);
    if (!rules)
        return rules.error();
    auto holds = readHolds(connection);
    if (!holds)
        return holds.error();
    return RetentionFacts{std::move(*conversations), std::move(*folders), std::move(*rules), std::move(*holds)};
}

Result<RetentionRule> insertRule(Connection &connection, const RetentionRule &rule)
{
    if (!rule.folder.isNull()) {
        if (auto there = checkThere(connection, "SELECT 1 FROM folder WHERE id = ?", rule.folder.uuid()); !there)
            return there.error();
    }
    auto remove = connection.prepare("DELETE FROM retention_rule WHERE folder IS ?");
    auto insert = connection.prepare("INSERT INTO retention_rule (id, folder, days, action) VALUES (?, ?, ?, ?)");
    if (!remove || !insert)
        return remove ? insert.error() : remove.error();
    if (auto done = remove->bind(rule.folder).run(); !done)
        return done.error();
    const auto done = insert->bind(rule.id, rule.folder, rule.days, retentionActionName(rule.action)).run();
    return done ? Result<RetentionRule>(rule) : done.error();
}

} // namespace

Async<Hold> SqliteRetentionRepository::setHold(ConversationId conversation, FolderId folder, std::string reason)
{
    if (conversation.isNull() == folder.isNull() || reason.empty() || reason.size() > kLongestReason)
        return ready<Hold>(Error{ErrorCode::InvalidArgument,
                                 "No hold was set: it needs one conversation or one folder, and a reason of at most "
                                 "1000 bytes.",
                                 ""});
    const std::int64_t now = m_clock.utcMs();
    const Hold hold{HoldId::make(now), conversation, folder, storableText(reason), storableText(m_account), now};
    return m_database.write([hold](Connection &c) { return insertHold(c, hold); });
}

Async<std::vector<Hold>> SqliteRetentionRepository::holds()
{
    return m_database.read([](Connection &c, const Settlements &) { return readHolds(c); });
}

Async<Hold> SqliteRetentionRepository::releaseHold(HoldId id)
{
    return m_database.write([id](Connection &c) -> Result<Hold> {
        auto remove = c.prepare("DELETE FROM hold WHERE id = ?");
        const auto all = readHolds(c);
        if (!remove || !all)
            return remove ? all.error() : remove.error();
        for (const Hold &hold : *all) {
            if (hold.id != id)
                continue;
            const auto done = remove->bind(id).run();
            return done ? Result<Hold>(hold) : done.error();
        }
        return notFound(id.text());
    });
}

Async<RetentionRule> SqliteRetentionRepository::setRule(FolderId folder, int days, RetentionAction action)
{
    if (days < 1 || days > kMostDays)
        return ready<RetentionRule>(
            Error{ErrorCode::InvalidArgument, "No rule was set: it needs 1 to 36500 days.", std::to_string(days)});
    const RetentionRule rule{RetentionRuleId::make(m_clock.utcMs()), folder, days, action};
    return m_database.write([rule](Connection &c) { return insertRule(c, rule); });
}

Async<std::vector<RetentionRule>> SqliteRetentionRepository::rules()
{
    return m_database.read([](Connection &c, const Settlements &) { return readRules(c); });
}

Async<RetentionRule> SqliteRetentionRepository::removeRule(RetentionRuleId id)
{
    return m_database.write([id](Connection &c) -> Result<RetentionRule> {
        auto remove = c.prepare("DELETE FROM retention_rule WHERE id = ?");
        const auto all = readRules(c);
        if (!remove || !all)
            return remove ? all.error() : remove.error();
        for (const RetentionRule &rule : *all) {
            if (rule.id != id)
                continue;
            const auto done = remove->bind(id).run();
            return done ? Result<RetentionRule>(rule) : done.error();
        }
        return notFound(id.text());
    });
}

Async<RetentionFacts> SqliteRetentionRepository::facts()
{
    return m_database.read([](Connection &c, const Settlements &) { return readFacts(c); });
}

Async<void> SqliteRetentionRepository::storeReport(RetentionReport report)
{
    return m_database.write([report = std::move(report)](Connection &c) -> Status {
        auto insert = c.prepare("INSERT INTO retention_report (id, ran_ms, report) VALUES (?, ?, ?)");
        auto prune = c.prepare("DELETE FROM retention_report WHERE id NOT IN "
                               "(SELECT id FROM retention_report ORDER BY ran_ms DESC, id DESC LIMIT ?)");
        if (!insert || !prune)
            return insert ? prune.error() : insert.error();
        const std::string text = retentionReportText(report);
        if (auto done = insert->bind(Uuid::make(report.ranMs), report.ranMs, text).run(); !done)
            return done;
        return prune->bind(kKeptReports).run();
    });
}

Async<std::vector<RetentionReport>> SqliteRetentionRepository::reports(int limit)
{
    return m_database.read([limit](Connection &c, const Settlements &) -> Result<std::vector<RetentionReport>> {
        const auto texts = readAll<std::string>(c, "SELECT report FROM retention_report ORDER BY ran_ms DESC, id DESC",
                                                [](const sqlite::Statement &row) { return std::string(row.text(0)); });
        if (!texts)
            return texts.error();
        std::vector<RetentionReport> reports;
        for (const std::string &text : *texts) {
            if (limit > 0 && std::ssize(reports) == limit)
                break;
            auto report = readRetentionReport(text);
            if (!report)
                return report.error();
            reports.push_back(std::move(*report));
        }
        return reports;
    });
}

} // namespace tramontane
