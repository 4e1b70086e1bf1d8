// SPDX-License-Identifier: Apache-2.0
#include "app/services/missing_messages.h"

#include "app/contracts/when_ready.h"
#include "app/services/backup_service.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace tramontane {
namespace {

constexpr int kPage = 2000; // records

/// Nothing: the record does not say that a message was stored.
std::optional<MessageId> storedMessage(const AuditRow &row)
{
    if (row.event == "gen_ai.request.denied")
        return std::nullopt;
    const QJsonObject record = QJsonDocument::fromJson(QByteArray::fromStdString(row.body)).object();
    const QJsonObject object = record.value("object").toObject();
    if (object.value("type").toString() != "message" || record.value("flags").toArray().contains("answer_not_stored"))
        return std::nullopt;
    const auto id = MessageId::fromText(object.value("id").toString().toStdString());
    return id && !id->isNull() ? id : std::nullopt;
}

} // namespace

struct MissingMessagesSearch::Search {
    std::uint64_t afterSeq = 0;
    std::set<MessageId> missing;
    MissingMessages found;
    Deferred<MissingMessages> answer;
};

std::string missingText(const MissingMessages &missing)
{
    const bool one = missing.count == 1;
    return std::to_string(missing.count) + (one ? " message missing " : " messages missing ")
           + (missing.after.empty() ? std::string("from the beginning") : "after " + missing.after)
           + (one ? ": the log names it" : ": the log names them") + ", and the vault does not hold "
           + (one ? "it" : "them") + ". Restore a backup to have " + (one ? "it" : "them") + " back.";
}

Async<MissingMessages> MissingMessagesSearch::sinceLastHead()
{
    return andThen(this, m_vault.conversations().knownAuditHeads(), [this](const std::vector<AuditHead> &heads) {
        std::uint64_t newest = 0;
        for (const AuditHead &head : heads)
            newest = std::max(newest, head.size);
        return search(newest);
    });
}

Async<MissingMessages> MissingMessagesSearch::everywhere()
{
    return andThen(this, lastReplacement(), [this](std::uint64_t seq) { return search(seq); });
}

/// The record of the newest one that took place, or that was cut off where nobody can know. 0: there is none.
Async<std::uint64_t> MissingMessagesSearch::lastReplacement()
{
    AuditFilter filter;
    filter.event = "backup.restored";
    filter.limit = 0;
    return andThen(this, m_vault.audit().list(filter), [](const std::vector<AuditRow> &rows) {
        std::uint64_t last = 0;
        std::uint64_t begun = 0; // the attempt that has no outcome yet
        for (const AuditRow &row : rows) {
            const QJsonObject record = QJsonDocument::fromJson(QByteArray::fromStdString(row.body)).object();
            if (!record.value("flags").toArray().contains(restored::kReplace))
                continue;
            if (row.outcome == "unknown")
                begun = row.seq;
            else if (row.outcome == "success")
                last = row.seq;
            if (row.outcome != "unknown")
                begun = 0;
        }
        return ready<std::uint64_t>(std::max(last, begun));
    });
}

Async<MissingMessages> MissingMessagesSearch::search(std::uint64_t afterSeq)
{
    const auto search = std::make_shared<Search>();
    search->afterSeq = afterSeq;
    nextPage(search);
    return search->answer.future();
}

void MissingMessagesSearch::nextPage(const std::shared_ptr<Search> &search)
{
    AuditFilter filter;
    filter.event = "gen_ai.request.";
    filter.afterSeq = search->afterSeq;
    filter.limit = kPage;
    whenReady(this, m_vault.audit().list(filter), [this, search](const Result<std::vector<AuditRow>> &rows) {
        if (!rows)
            return search->answer.resolve(rows.error());
        if (rows->empty())
            return search->answer.resolve(search->found);
        search->afterSeq = rows->back().seq;
        compare(search, *rows);
    });
}

void MissingMessagesSearch::compare(const std::shared_ptr<Search> &search, const std::vector<AuditRow> &rows)
{
    std::vector<std::pair<MessageId, std::string>> named; // with the time of the record
    std::vector<MessageId> ids;
    for (const AuditRow &row : rows) {
        if (const auto id = storedMessage(row)) {
            named.emplace_back(*id, row.time);
            ids.push_back(*id);
        }
    }
    whenReady(this, m_vault.conversations().absent(std::move(ids)),
              [this, search, named = std::move(named)](const Result<std::vector<MessageId>> &absent) {
                  if (!absent)
                      return search->answer.resolve(absent.error());
                  const std::set<MessageId> gone(absent->begin(), absent->end());
                  for (const auto &[id, time] : named) {
                      const bool isGone = gone.contains(id);
                      if (isGone && search->missing.empty())
                          search->found.first = id.text();
                      if (isGone)
                          search->missing.insert(id);
                      else if (search->missing.empty())
                          search->found.after = time;
                  }
                  search->found.count = static_cast<int>(search->missing.size());
                  nextPage(search);
              });
}

} // namespace tramontane
