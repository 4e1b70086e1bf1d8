// SPDX-License-Identifier: Apache-2.0
#include "app/audit/record_fields.h"

#include "app/audit/event_list.h"
#include "app/core/id.h"
#include "app/core/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <span>

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
    Object,
    Sources, // a list of objects
    Flags,   // a list of tokens
};

struct Field {
    std::string_view name;
    Kind kind;
    std::span<const Field> inner = {}; // of an Object, or of each entry of a list of objects
};

// Each object in the order of its names, which is also the order of the stored bytes.
constexpr std::array kActor{Field{"auth", Kind::Token}, Field{"os_user_h", Kind::Id}, Field{"pid", Kind::Id},
                            Field{"role", Kind::Token}};
constexpr std::array kParams{Field{"max_tokens", Kind::Natural}, Field{"seed", Kind::Natural},
                             Field{"temperature", Kind::Decimal}, Field{"top_p", Kind::Decimal}};
constexpr std::array kAi{Field{"dur_ms", Kind::Natural},
                         Field{"endpoint", Kind::Free},
                         Field{"in_tokens", Kind::Natural},
                         Field{"model", Kind::Free},
                         Field{"model_sha256", Kind::Hash},
                         Field{"out_tokens", Kind::Natural},
                         Field{"params", Kind::Object, kParams},
                         Field{"provider", Kind::Token},
                         Field{"quant", Kind::Free},
                         Field{"region", Kind::Free},
                         Field{"stop", Kind::Token},
                         Field{"ttft_ms", Kind::Natural}};
constexpr std::array kDevice{Field{"app_ver", Kind::Free}, Field{"build_sha", Kind::Free}, Field{"id", Kind::Id},
                             Field{"os", Kind::Free}};
constexpr std::array kObject{Field{"bytes", Kind::Natural}, Field{"content_commit", Kind::Commit},
                             Field{"id", Kind::Id}, Field{"label", Kind::Free}, Field{"type", Kind::Token}};
constexpr std::array kPolicy{Field{"decision", Kind::Token}, Field{"id", Kind::Free}, Field{"reason", Kind::Free},
                             Field{"rule", Kind::Token}, Field{"sha256", Kind::Hash}};
constexpr std::array kRetention{Field{"class", Kind::Token}, Field{"hold", Kind::Flag}};
constexpr std::array kReview{Field{"case", Kind::Id}, Field{"second", Kind::Id}, Field{"state", Kind::Token}};
constexpr std::array kSource{Field{"chunk", Kind::Natural}, Field{"commit", Kind::Commit}, Field{"doc", Kind::Id},
                             Field{"label", Kind::Free}};
constexpr std::array kRecord{Field{"actor", Kind::Object, kActor},
                             Field{"ai", Kind::Object, kAi},
                             Field{"boot", Kind::Id},
                             Field{"corr", Kind::Id},
                             Field{"device", Kind::Object, kDevice},
                             Field{"event", Kind::Event},
                             Field{"flags", Kind::Flags},
                             Field{"id", Kind::Uuid},
                             Field{"kind", Kind::Token},
                             Field{"log", Kind::Id},
                             Field{"mono_ms", Kind::Natural},
                             Field{"object", Kind::Object, kObject},
                             Field{"outcome", Kind::Outcome},
                             Field{"policy", Kind::Object, kPolicy},
                             Field{"retention", Kind::Object, kRetention},
                             Field{"review", Kind::Object, kReview},
                             Field{"seq", Kind::Natural},
                             Field{"session", Kind::Id},
                             Field{"severity", Kind::Severity},
                             Field{"sources", Kind::Sources, kSource},
                             Field{"time", Kind::Time},
                             Field{"tz_ok", Kind::Flag},
                             Field{"v", Kind::Version}};

constexpr std::size_t kMaxSources = 1024;
constexpr std::size_t kMaxFlags = 64;
constexpr std::size_t kMaxToken = 64;
constexpr std::size_t kMaxId = 200;
constexpr std::int64_t kMaxNatural = 9007199254740991;

bool isHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
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
        return !run.empty() && run.size() <= 18
               && std::all_of(run.begin(), run.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return digits(whole) && digits(part);
}

bool isCommit(std::string_view text)
{
    static constexpr std::string_view kPrefix = "hmac-sha256:";
    return text.empty()
           || (text.starts_with(kPrefix) && text.size() == kPrefix.size() + 64 && isHex(text.substr(kPrefix.size())));
}

bool isControl(char c)
{
    return (c >= 0 && c < ' ') || c == 0x7f;
}

/// What freeText() leaves as it is. Whether it is UTF-8 is for the JSON reader or writer to say.
bool isFreeText(std::string_view text)
{
    return text.size() <= kMaxFreeText && std::none_of(text.begin(), text.end(), isControl);
}

bool textFits(Kind kind, const std::string &text)
{
    switch (kind) {
    case Kind::Outcome: return text == "unknown" || text == "success" || text == "failure" || text == "denied";
    case Kind::Event: return findEventType(text) != nullptr;
    case Kind::Uuid: return Uuid::fromText(text).has_value();
    case Kind::Time: return isTime(text);
    case Kind::Token: return isToken(text);
    case Kind::Id: return isId(text);
    case Kind::Free: return isFreeText(text);
    case Kind::Hash: return text.empty() || (text.size() == 64 && isHex(text));
    case Kind::Commit: return isCommit(text);
    case Kind::Decimal: return isDecimal(text);
    default: return false;
    }
}

bool numberFits(Kind kind, std::int64_t number)
{
    switch (kind) {
    case Kind::Version: return number == 1;
    case Kind::Severity: return number >= 1 && number <= 5;
    case Kind::Natural: return number >= 0 && number <= kMaxNatural;
    default: return false;
    }
}

bool scalarFits(Kind kind, const json &value)
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

/// The same failure, seen from the object around it.
Status inside(std::string_view name, const Status &status)
{
    if (status)
        return status;
    const std::string &inner = status.error().detail;
    return misfit(std::string(name) + (inner.empty() ? "" : ".") + inner);
}

Status checkValue(const json &value, const Field &field);

/// Members and fields are both sorted, so they must agree one by one.
Status checkObject(const json &object, std::span<const Field> fields)
{
    if (!object.is_object())
        return misfit({});
    auto member = object.begin();
    for (const Field &field : fields) {
        if (member == object.end() || member.key() > field.name)
            return misfit(std::string(field.name)); // missing
        if (member.key() < field.name)
            return misfit(member.key()); // unknown
        if (Status status = inside(field.name, checkValue(member.value(), field)); !status)
            return status;
        ++member;
    }
    return member == object.end() ? Status() : Status(misfit(member.key()));
}

Status checkSources(const json &list, const Field &field)
{
    if (!list.is_array() || list.size() > kMaxSources)
        return misfit({});
    for (const json &source : list) {
        if (Status status = checkObject(source, field.inner); !status)
            return status;
    }
    return {};
}

bool flagsFit(const json &list)
{
    return list.is_array() && list.size() <= kMaxFlags && std::all_of(list.begin(), list.end(), [](const json &flag) {
               return flag.is_string() && isToken(flag.get_ref<const std::string &>());
           });
}

Status checkValue(const json &value, const Field &field)
{
    switch (field.kind) {
    case Kind::Object: return checkObject(value, field.inner);
    case Kind::Sources: return checkSources(value, field);
    case Kind::Flags: return flagsFit(value) ? Status() : Status(misfit({}));
    default: return scalarFits(field.kind, value) ? Status() : Status(misfit({}));
    }
}

} // namespace

Status checkRecordFields(const json &record)
{
    return checkObject(record, kRecord);
}

std::string freeText(std::string_view text)
{
    std::string clean(text.substr(0, kMaxFreeText));
    // A character that the cut has split, or bytes that never were text: drop what is incomplete at the end first.
    for (int i = 0; i < 3 && !clean.empty() && text.size() > kMaxFreeText && !isUtf8(clean); ++i)
        clean.pop_back();
    const bool utf8 = isUtf8(clean);
    for (char &c : clean) {
        if (isControl(c) || (!utf8 && static_cast<unsigned char>(c) >= 0x80))
            c = ' ';
    }
    return clean;
}

} // namespace tramontane::audit
