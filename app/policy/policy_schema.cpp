// SPDX-License-Identifier: Apache-2.0
#include "app/policy/policy_schema.h"

#include "app/policy/policy.h"
#include "app/policy/policy_schema_text.h"

namespace tramontane {

const std::string &policySchemaText()
{
    static const std::string text(kPolicySchemaText);
    return text;
}

namespace policy {

const nlohmann::json &policySchema()
{
    static const nlohmann::json schema = nlohmann::json::parse(policySchemaText());
    return schema;
}

const std::vector<KeyDescription> &policyKeys()
{
    static const std::vector<KeyDescription> keys = [] {
        std::vector<KeyDescription> list;
        for (const auto &property : policySchema().at("properties").at("values").at("properties").items())
            list.push_back({property.key(), property.value().at("default"), property.value().at("x-restrictive")});
        return list;
    }();
    return keys;
}

} // namespace policy
} // namespace tramontane
