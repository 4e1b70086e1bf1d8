// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/retention_report_json.h"

#include <nlohmann/json.hpp>

namespace tramontane {

using nlohmann::json;

namespace {

json idList(const std::vector<ConversationId> &ids)
{
    json list = json::array();
    for (const ConversationId id : ids)
        list.push_back(id.text());
    return list;
}

std::vector<ConversationId> idsIn(const json &list)
{
    std::vector<ConversationId> ids;
    for (const json &text : list)
        ids.push_back(ConversationId::fromText(text.get<std::string>()).value_or(ConversationId()));
    return ids;
}

RetentionReport::Cause causeIn(const std::string &name)
{
    for (const auto cause : {RetentionReport::Cause::Opening, RetentionReport::Cause::Daily}) {
        if (retentionCauseName(cause) == name)
            return cause;
    }
    return RetentionReport::Cause::Asked;
}

RetentionReport reportIn(const json &object)
{
    RetentionReport report;
    report.ranMs = object.at("ran_ms").get<std::int64_t>();
    report.cause = causeIn(object.at("cause").get<std::string>());
    report.plan.toDelete = idsIn(object.at("deleted"));
    report.plan.toErase = idsIn(object.at("erased"));
    report.plan.toEmpty = idsIn(object.at("emptied"));
    for (const json &kept : object.at("kept")) {
        report.plan.kept.push_back(
            {ConversationId::fromText(kept.at("conversation").get<std::string>()).value_or(ConversationId()),
             HoldId::fromText(kept.at("hold").get<std::string>()).value_or(HoldId())});
    }
    for (const json &failed : object.at("failed")) {
        report.failed.push_back(
            {ConversationId::fromText(failed.at("conversation").get<std::string>()).value_or(ConversationId()),
             failed.at("error").get<std::string>()});
    }
    return report;
}

} // namespace

std::string retentionReportText(const RetentionReport &report)
{
    json kept = json::array();
    for (const auto &entry : report.plan.kept)
        kept.push_back({{"conversation", entry.conversation.text()}, {"hold", entry.hold.text()}});
    json failed = json::array();
    for (const auto &entry : report.failed)
        failed.push_back({{"conversation", entry.conversation.text()}, {"error", entry.error}});
    return json{{"ran_ms", report.ranMs},
                {"cause", retentionCauseName(report.cause)},
                {"deleted", idList(report.plan.toDelete)},
                {"erased", idList(report.plan.toErase)},
                {"emptied", idList(report.plan.toEmpty)},
                {"kept", std::move(kept)},
                {"failed", std::move(failed)}}
        .dump();
}

Result<RetentionReport> readRetentionReport(std::string_view text)
{
    try {
        return reportIn(json::parse(text));
    } catch (const json::exception &) {
        return Error{ErrorCode::VaultDamaged, "A report in the vault cannot be read. Restore the vault from a backup.",
                     "retention_report"};
    }
}

} // namespace tramontane
