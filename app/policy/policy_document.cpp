// SPDX-License-Identifier: Apache-2.0
#include "app/policy/policy_document.h"

#include "app/policy/policy.h"
#include "app/policy/policy_schema.h"
#include "app/policy/schema_check.h"

namespace tramontane {
namespace policy {
namespace {

Error invalid(std::string message, std::string position)
{
    return Error{ErrorCode::PolicyInvalid, std::move(message), std::move(position)};
}

/// What the schema language cannot say.
Status checkMeaning(const PositionedJson &json, const PolicyDocument &document)
{
    for (const auto &[key, reason] : document.reasons) {
        if (!document.values.contains(key))
            return invalid("\"" + key + "\" has a reason but no value.", json.position("/reasons/" + key));
    }
    if (document.unmanaged && !document.values.empty())
        return invalid("\"unmanaged\" is true, so \"values\" must be empty.", json.position("/unmanaged"));
    return {};
}

} // namespace

Result<PolicyDocument> parsePolicyDocument(const std::string &text)
{
    const Result<PositionedJson> json = parsePositionedJson(text);
    if (!json)
        return json.error();
    if (const Status status = checkAgainstSchema(json.value(), policySchema()); !status)
        return status.error();
    PolicyDocument document;
    document.id = json->value.at("id").get<std::string>();
    document.unmanaged = json->value.value("unmanaged", false);
    if (json->value.contains("values"))
        document.values = json->value.at("values").get<std::map<std::string, nlohmann::json>>();
    if (json->value.contains("reasons"))
        document.reasons = json->value.at("reasons").get<std::map<std::string, std::string>>();
    if (const Status status = checkMeaning(json.value(), document); !status)
        return status.error();
    return document;
}

} // namespace policy

Status checkPolicyText(const std::string &text)
{
    const auto document = policy::parsePolicyDocument(text);
    return document ? Status() : Status(document.error());
}

} // namespace tramontane
