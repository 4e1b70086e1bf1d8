// SPDX-License-Identifier: Apache-2.0
#include "app/policy/schema_check.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <regex>
#include <set>
#include <string_view>

namespace tramontane::policy {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 14> kKeywords{
    "type",    "properties", "required", "additionalProperties", "items",   "enum",         "pattern", "maxLength",
    "minimum", "maximum",    "maxItems", "uniqueItems",          "default", "x-restrictive"};

std::string nameOf(const std::string &pointer)
{
    return pointer.empty() ? "The policy" : "\"" + pointer.substr(pointer.rfind('/') + 1) + "\"";
}

/// Unicode characters, as JSON Schema counts them; the text is UTF-8, because it came out of a JSON parser.
std::size_t lengthOf(const std::string &text)
{
    return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool hasType(const json &value, const std::string &type)
{
    if (type == "object")
        return value.is_object();
    if (type == "array")
        return value.is_array();
    if (type == "string")
        return value.is_string();
    if (type == "integer")
        return value.is_number_integer();
    return type == "boolean" && value.is_boolean();
}

std::string typeInWords(const std::string &type)
{
    if (type == "object")
        return "an object";
    if (type == "array")
        return "a list";
    if (type == "string")
        return "a text";
    return type == "integer" ? "a whole number" : "true or false";
}

class Checker {
public:
    explicit Checker(const PositionedJson &document) : m_document(document) {}
    Status check(const json &value, const json &schema, const std::string &pointer) const;

private:
    Error misfit(const std::string &pointer, const std::string &what) const
    {
        return Error{ErrorCode::PolicyInvalid, nameOf(pointer) + " " + what + ".", m_document.position(pointer)};
    }
    Status checkString(const std::string &text, const json &schema, const std::string &pointer) const;
    Status checkInteger(const json &value, const json &schema, const std::string &pointer) const;
    Status checkArray(const json &value, const json &schema, const std::string &pointer) const;
    Status checkObject(const json &value, const json &schema, const std::string &pointer) const;
    Status checkMember(const std::string &name, const json &value, const json &schema,
                       const std::string &pointer) const;

    const PositionedJson &m_document;
};

Status Checker::check(const json &value, const json &schema, const std::string &pointer) const
{
    const std::string type = schema.value("type", std::string());
    if (!hasType(value, type))
        return misfit(pointer, "must be " + typeInWords(type));
    if (schema.contains("enum")) {
        const json &allowed = schema.at("enum");
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            return misfit(pointer, "must be one of " + allowed.dump());
    }
    if (value.is_string())
        return checkString(value.get_ref<const std::string &>(), schema, pointer);
    if (value.is_number_integer())
        return checkInteger(value, schema, pointer);
    if (value.is_array())
        return checkArray(value, schema, pointer);
    return value.is_object() ? checkObject(value, schema, pointer) : Status();
}

Status Checker::checkString(const std::string &text, const json &schema, const std::string &pointer) const
{
    if (schema.contains("maxLength") && lengthOf(text) > schema.at("maxLength").get<std::size_t>())
        return misfit(pointer, "is longer than " + schema.at("maxLength").dump() + " characters");
    if (schema.contains("pattern") && !std::regex_search(text, std::regex(schema.at("pattern").get<std::string>())))
        return misfit(pointer, "must have the form " + schema.at("pattern").get<std::string>());
    return {};
}

Status Checker::checkInteger(const json &value, const json &schema, const std::string &pointer) const
{
    // nlohmann-json reads numbers from 2^63 as unsigned and would compare them as negative ones.
    constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
    const bool beyond = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(kLargest);
    const std::int64_t number = beyond ? kLargest : value.get<std::int64_t>();
    if (schema.contains("minimum") && number < schema.at("minimum").get<std::int64_t>())
        return misfit(pointer, "must be at least " + schema.at("minimum").dump());
    if (schema.contains("maximum") && number > schema.at("maximum").get<std::int64_t>())
        return misfit(pointer, "must be at most " + schema.at("maximum").dump());
    return {};
}

Status Checker::checkArray(const json &value, const json &schema, const std::string &pointer) const
{
    if (schema.contains("maxItems") && value.size() > schema.at("maxItems").get<std::size_t>())
        return misfit(pointer, "has more than " + schema.at("maxItems").dump() + " entries");
    std::set<json> seen;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string below = pointer + "/" + std::to_string(i);
        if (const Status status = check(value[i], schema.at("items"), below); !status) {
            return Error{status.error().code,
                         "Entry " + std::to_string(i + 1) + " of " + nameOf(pointer)
                             + status.error().message.substr(nameOf(below).size()),
                         status.error().detail};
        }
        if (schema.value("uniqueItems", false) && !seen.insert(value[i]).second)
            return misfit(pointer, "names entry " + std::to_string(i + 1) + " twice");
    }
    return {};
}

Status Checker::checkObject(const json &value, const json &schema, const std::string &pointer) const
{
    for (const json &name : schema.value("required", json::array())) {
        if (!value.contains(name.get_ref<const std::string &>()))
            return misfit(pointer, "must have " + name.dump());
    }
    for (const auto &member : value.items()) {
        if (const Status status = checkMember(member.key(), member.value(), schema, pointer + "/" + member.key());
            !status)
            return status;
    }
    return {};
}

Status Checker::checkMember(const std::string &name, const json &value, const json &schema,
                            const std::string &pointer) const
{
    const auto properties = schema.find("properties");
    if (properties != schema.end() && properties->contains(name))
        return check(value, properties->at(name), pointer);
    const auto additional = schema.find("additionalProperties");
    if (additional != schema.end() && additional->is_object())
        return check(value, *additional, pointer);
    return misfit(pointer, "is not a key of the policy schema");
}

} // namespace

Status checkSchemaKeywords(const json &schema)
{
    for (const auto &member : schema.items()) {
        const std::string &name = member.key();
        const bool known = std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
        if (!known && name != "title" && name != "description" && !name.starts_with('$'))
            return Error{ErrorCode::Internal, "The policy schema uses a keyword that is not understood.", "/" + name};
        if (name != "properties" && name != "items" && !(name == "additionalProperties" && member.value().is_object()))
            continue;
        const json inner = name == "properties" ? member.value() : json{{"", member.value()}};
        for (const auto &property : inner.items()) {
            if (const Status status = checkSchemaKeywords(property.value()); !status)
                return Error{status.error().code, status.error().message,
                             "/" + name + (property.key().empty() ? "" : "/" + property.key()) + status.error().detail};
        }
    }
    return {};
}

Status checkAgainstSchema(const PositionedJson &document, const json &schema)
{
    return Checker(document).check(document.value, schema, {});
}

} // namespace tramontane::policy
