// SPDX-License-Identifier: Apache-2.0
#include "app/audit/record.h"

#include "app/audit/canonical_json.h"
#include "app/audit/commitment.h"
#include "app/audit/event_list.h"
#include "app/audit/record_fields.h"
#include "app/core/clock.h"
#include "app/core/id.h"

#include <nlohmann/json.hpp>

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace tramontane::audit {
namespace {

using nlohmann::json;

std::string_view outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Success: return "success";
    case Outcome::Failure: return "failure";
    case Outcome::Denied: return "denied";
    case Outcome::Unknown: break;
    }
    return "unknown";
}

// What a number of canonical JSON can be: RFC 8785, appendix D.
constexpr std::int64_t kLargestNatural = (std::int64_t{1} << 53) - 1;

/// Counts and times in a record are 0 to 2^53 - 1; neither a clock that jumped nor a worker that lies must stop the log.
std::int64_t natural(std::int64_t value)
{
    return std::clamp<std::int64_t>(value, 0, kLargestNatural);
}

json aiFields(const AuditAi &ai)
{
    return {{"provider", ai.provider},
            {"endpoint", freeText(ai.endpoint)},
            {"region", freeText(ai.region)},
            {"model", freeText(ai.model)},
            {"model_sha256", ai.modelSha256},
            {"quant", freeText(ai.quantisation)},
            {"params",
             {{"temperature", ai.temperature},
              {"top_p", ai.topP},
              {"seed", natural(ai.seed)},
              {"max_tokens", natural(ai.maxTokens)}}},
            {"in_tokens", natural(ai.inTokens)},
            {"out_tokens", natural(ai.outTokens)},
            {"ttft_ms", natural(ai.firstTokenMs)},
            {"dur_ms", natural(ai.durationMs)},
            {"stop", ai.stop}};
}

json objectFields(const AuditObject &object)
{
    return {{"type", object.type},
            {"id", object.id},
            {"label", freeText(object.label)},
            {"content_commit", object.contentCommit},
            {"bytes", natural(object.bytes)}};
}

json sourceFields(const std::vector<AuditSource> &sources)
{
    json list = json::array();
    for (const AuditSource &source : sources) {
        list.push_back({{"doc", source.document},
                        {"chunk", natural(source.chunk)},
                        {"commit", source.commit},
                        {"label", freeText(source.label)}});
    }
    return list;
}

json policyFields(const AuditPolicy &policy)
{
    return {{"id", freeText(policy.id)},
            {"sha256", policy.sha256},
            {"decision", policy.decision},
            {"rule", policy.rule},
            {"reason", freeText(policy.reason)}};
}

Error unreadable(std::string detail)
{
    return Error{ErrorCode::AuditBroken, "A record of the audit log is malformed.", std::move(detail)};
}

void forget(std::string &text)
{
    sodium_memzero(text.data(), text.size());
    text.clear();
}

} // namespace

RecordWriter::RecordWriter(std::string logId, const RecordEnvironment &environment, const Key32 &seed)
    : m_logId(std::move(logId)), m_environment(environment)
{
    const std::string &user = environment.osUser;
    if (!user.empty()) {
        m_person = pseudonym(subkey(seed, "tramontane/audit/person/v1"), user);
        m_personHash = "hmac:" + keyedHash(subkey(seed, "tramontane/audit/os-user/v1"), user);
    }
    if (!environment.machineId.empty()) {
        const Key32 deviceKey = subkey(seed, "tramontane/audit/device/v1");
        m_device = "d_" + keyedHash(deviceKey, environment.machineId).substr(0, 32);
    }
    forget(m_environment.osUser);
    forget(m_environment.machineId);
}

Result<std::string> RecordWriter::encode(const AuditEvent &event, const RecordPlace &place) const
{
    const EventType *type = findEventType(event.event);
    if (!type)
        return Error{ErrorCode::InvalidArgument, "An audit event has a name that is not in the list.", "event"};
    const RecordEnvironment &env = m_environment;
    const json record = {
        {"v", 1},
        {"seq", place.seq},
        {"id", Uuid::make(natural(place.utcMs)).text()},
        {"log", m_logId},
        {"time", rfc3339(place.utcMs)},
        {"mono_ms", natural(place.monoMs)},
        {"boot", env.bootId},
        {"tz_ok", env.timeZoneKnown},
        {"event", event.event},
        {"kind", event.kind},
        {"outcome", outcomeName(event.outcome)},
        {"severity", std::max(event.severity, type->severity)},
        {"corr", event.corr},
        {"session", env.sessionId},
        {"actor", {{"pid", m_person}, {"role", env.role}, {"auth", env.auth}, {"os_user_h", m_personHash}}},
        {"device",
         {{"id", m_device},
          {"os", freeText(env.os)},
          {"app_ver", freeText(env.appVersion)},
          {"build_sha", freeText(env.buildSha)}}},
        {"policy", policyFields(event.policy)},
        {"ai", aiFields(event.ai.value_or(AuditAi{}))},
        {"object", objectFields(event.object.value_or(AuditObject{}))},
        {"sources", sourceFields(event.sources)},
        {"flags", event.flags},
        {"review", {{"case", ""}, {"state", ""}, {"second", ""}}},
        {"retention", {{"class", "std-12m"}, {"hold", false}}},
    };
    if (const Status status = checkRecordFields(record); !status)
        return status.error();
    Result<std::string> body = canonicalJson(record);
    if (body && body->size() > kMaxRecordBytes)
        return Error{ErrorCode::InvalidArgument, "An audit record is too large.", "record"};
    return body;
}

Result<RecordSummary> readRecord(std::string_view body)
{
    if (body.size() > kMaxRecordBytes)
        return unreadable("too large");
    const json record = json::parse(body, nullptr, false);
    if (record.is_discarded())
        return unreadable("not JSON");
    if (const Status status = checkRecordFields(record); !status)
        return unreadable(status.error().detail);
    // Also refuses duplicate members, spaces and other spellings of the same values.
    const Result<std::string> canonical = canonicalJson(record);
    if (!canonical || canonical.value() != body)
        return unreadable("not in canonical form");
    const auto text = [&](const char *name) { return record.at(name).get<std::string>(); };
    return RecordSummary{record.at("seq").get<std::uint64_t>(),
                         text("id"),
                         text("log"),
                         text("time"),
                         text("event"),
                         text("outcome"),
                         text("corr"),
                         text("session"),
                         record.at("flags").get<std::vector<std::string>>()};
}

} // namespace tramontane::audit
