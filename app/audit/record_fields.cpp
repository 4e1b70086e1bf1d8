// SPDX-License-Identifier: Apache-2.0
#include "app/audit/record_fields.h"

#include "app/audit/event_list.h"
#include "app/core/id.h"
#include "app/core/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace tramontane::audit {
namespace {

using nlohmann::json;

enum class Kind {
    Version,
    Natural, // a whole number from 0
    Flag,    // true or false
    Outcome,
    Severity,
    Event,
    Uuid,
    Time,
    Token,   // a name that our code gave: a-z, 0-9, '_', '-', '.'
    Id,      // an identifier: printable ASCII without spaces
    Free,    // free text, cleaned
    Hash,    // empty, or 64 hexadecimal digits
    Commit,  // empty, or "hmac-sha256:" and 64 hexadecimal digits
    Decimal, // empty, or a fixed decimal
};

struct Field {
    std::string_view name;
    Kind kind;
};

constexpr std::array kFields{
    Field{"v", Kind::Version}, Field{"seq", Kind::Natural}, Field{"id", Kind::Uuid}, Field{"log", Kind::Id},
    Field{"time", Kind::Time}, Field{"mono_ms", Kind::Natural}, Field{"boot", Kind::Id}, Field{"tz_ok", Kind::Flag},
    Field{"event", Kind::Event}, Field{"kind", Kind::Token}, Field{"outcome", Kind::Outcome},
    Field{"severity", Kind::Severity}, Field{"corr", Kind::Id}, Field{"session", Kind::Id},
    Field{"actor.pid", Kind::Id}, Field{"actor.role", Kind::Token}, Field{"actor.auth", Kind::Token},
    Field{"actor.os_user_h", Kind::Id},
    Field{"device.id", Kind::Id}, Field{"device.os", Kind::Free}, Field{"device.app_ver", Kind::Free},
    Field{"device.build_sha", Kind::Free},
    Field{"policy.id", Kind::Free}, Field{"policy.sha256", Kind::Hash}, Field{"policy.decision", Kind::Token},
    Field{"policy.rule", Kind::Token}, Field{"policy.reason", Kind::Free},
    Field{"ai.provider", Kind::Token}, Field{"ai.endpoint", Kind::Free}, Field{"ai.region", Kind::Free},
    Field{"ai.model", Kind::Free}, Field{"ai.model_sha256", Kind::Hash}, Field{"ai.quant", Kind::Free},
    Field{"ai.params.temperature", Kind::Decimal}, Field{"ai.params.top_p", Kind::Decimal},
    Field{"ai.params.seed", Kind::Natural}, Field{"ai.params.max_tokens", Kind::Natural},
    Field{"ai.in_tokens", Kind::Natural}, Field{"ai.out_tokens", Kind::Natural}, Field{"ai.ttft_ms", Kind::Natural},
    Field{"ai.dur_ms", Kind::Natural}, Field{"ai.stop", Kind::Token},
    Field{"object.type", Kind::Token}, Field{"object.id", Kind::Id}, Field{"object.label", Kind::Free},
    Field{"object.content_commit", Kind::Commit}, Field{"object.bytes", Kind::Natural},
    Field{"review.case", Kind::Id}, Field{"review.state", Kind::Token}, Field{"review.second", Kind::Id},
    Field{"retention.class", Kind::Token}, Field{"retention.hold", Kind::Flag},
};

constexpr std::array kSourceFields{
    Field{"doc", Kind::Id}, Field{"chunk", Kind::Natural}, Field{"commit", Kind::Commit}, Field{"label", Kind::Free},
};

constexpr std::size_t kMaxSources = 1024;
constexpr std::size_t kMaxFlags = 64;
constexpr std::size_t kMaxToken = 64;
constexpr std::size_t kMaxId = 200;
constexpr std::int64_t kMaxNatural = 9007199254740991;

bool isHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool isToken(std::string_view text)
{
    return text.size() <= kMaxToken && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

bool isId(std::string_view text)
{
    return text.size() <= kMaxId && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// "2026-11-22T09:14:03.211Z": fixed width, so that text order is time order.
bool isTime(std::string_view text)
{
    static constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
    return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(),
                      [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
}

bool isDecimal(std::string_view text)
{
    if (text.empty())
        return true;
    if (text.front() == '-')
        text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part = point == std::string_view::npos ? "0" : text.substr(point + 1);
    const auto digits = [](std::string_view run) {
        return !run.empty() && run.size() <= 18 && std::all_of(run.begin(), run.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return digits(whole) && digits(part);
}

bool isCommit(std::string_view text)
{
    static constexpr std::string_view kPrefix = "hmac-sha256:";
    return text.empty()
        || (text.starts_with(kPrefix) && text.size() == kPrefix.size() + 64 && isHex(text.substr(kPrefix.size())));
}

bool textFits(Kind kind, const std::string &text)
{
    switch (kind) {
    case Kind::Outcome:
        return text == "unknown" || text == "success" || text == "failure" || text == "denied";
    case Kind::Event:
        return findEventType(text) != nullptr;
    case Kind::Uuid:
        return Uuid::fromText(text).has_value();
    case Kind::Time:
        return isTime(text);
    case Kind::Token:
        return isToken(text);
    case Kind::Id:
        return isId(text);
    case Kind::Free:
        return freeText(text) == text;
    case Kind::Hash:
        return text.empty() || (text.size() == 64 && isHex(text));
    case Kind::Commit:
        return isCommit(text);
    case Kind::Decimal:
        return isDecimal(text);
    default:
        return false;
    }
}

bool numberFits(Kind kind, std::int64_t number)
{
    switch (kind) {
    case Kind::Version:
        return number == 1;
    case Kind::Severity:
        return number >= 1 && number <= 5;
    case Kind::Natural:
        return number >= 0 && number <= kMaxNatural;
    default:
        return false;
    }
}

bool fits(Kind kind, const json &value)
{
    if (value.is_boolean())
        return kind == Kind::Flag;
    if (value.is_string())
        return textFits(kind, value.get_ref<const std::string &>());
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(kMaxNatural))
        return false;
    return value.is_number_integer() && numberFits(kind, value.get<std::int64_t>());
}

Error misfit(std::string field)
{
    return Error{ErrorCode::InvalidArgument, "An audit record is malformed.", std::move(field)};
}

/// Walks `object` and checks each value against the field of its dotted name; `count` grows by one for each field seen.
template <std::size_t N>
Status checkObject(const json &object, const std::string &prefix, const std::array<Field, N> &fields, std::size_t &count)
{
    for (const auto &member : object.items()) {
        const std::string name = prefix + member.key();
        if (member.key().find('.') != std::string::npos)
            return misfit(name); // would pass for a field of an inner object
        if (member.value().is_array())
            continue; // "sources" and "flags" have checks of their own
        if (member.value().is_object()) {
            if (Status status = checkObject(member.value(), name + ".", fields, count); !status)
                return status;
            continue;
        }
        const auto field =
            std::find_if(fields.begin(), fields.end(), [&](const Field &known) { return known.name == name; });
        if (field == fields.end() || !fits(field->kind, member.value()))
            return misfit(name);
        ++count;
    }
    return {};
}

Status checkSources(const json &record)
{
    const auto sources = record.find("sources");
    if (sources == record.end() || !sources->is_array() || sources->size() > kMaxSources)
        return misfit("sources");
    for (const json &source : *sources) {
        std::size_t count = 0;
        if (!source.is_object() || source.size() != kSourceFields.size())
            return misfit("sources");
        if (Status status = checkObject(source, {}, kSourceFields, count); !status)
            return misfit("sources." + status.error().detail);
        if (count != kSourceFields.size())
            return misfit("sources");
    }
    return {};
}

Status checkFlags(const json &record)
{
    const auto flags = record.find("flags");
    if (flags == record.end() || !flags->is_array() || flags->size() > kMaxFlags)
        return misfit("flags");
    for (const json &flag : *flags) {
        if (!flag.is_string() || !isToken(flag.get_ref<const std::string &>()))
            return misfit("flags");
    }
    return {};
}

/// Lists may stand only where version 1 has them.
Status checkLists(const json &record)
{
    for (const auto &member : record.items()) {
        if (member.value().is_array() && member.key() != "sources" && member.key() != "flags")
            return misfit(member.key());
        if (!member.value().is_object())
            continue;
        if (Status status = checkLists(member.value()); !status || member.value().contains("sources")
            || member.value().contains("flags") || member.value().empty()) {
            return misfit(member.key());
        }
    }
    return {};
}

} // namespace

Status checkRecordFields(const json &record)
{
    if (!record.is_object())
        return misfit("");
    std::size_t count = 0;
    if (Status status = checkObject(record, {}, kFields, count); !status)
        return status;
    if (count != kFields.size())
        return misfit("a field is missing");
    if (Status status = checkLists(record); !status)
        return status;
    if (Status status = checkSources(record); !status)
        return status;
    return checkFlags(record);
}

std::string freeText(std::string_view text)
{
    std::string clean(text.substr(0, kMaxFreeText));
    // A character that the cut has split, or bytes that never were text: drop what is incomplete at the end first.
    for (int i = 0; i < 3 && !clean.empty() && text.size() > kMaxFreeText && !isUtf8(clean); ++i)
        clean.pop_back();
    const bool utf8 = isUtf8(clean);
    for (char &c : clean) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f || (!utf8 && byte >= 0x80))
            c = ' ';
    }
    return clean;
}

} // namespace tramontane::audit
