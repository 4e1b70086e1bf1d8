// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/known_models.h"

#include "inference/catalog/known_models_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace tramontane::catalog {

namespace {

constexpr int kVersion = 1;

/// Letters and digits only, in small letters.
std::string plainName(std::string_view name)
{
    std::string plain;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            plain += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            plain += c;
    }
    return plain;
}

KnownModel rowOf(const nlohmann::json &json)
{
    KnownModel model;
    json.at("id").get_to(model.id);
    json.at("names").get_to(model.names);
    json.at("sha256").get_to(model.sha256);
    json.at("publisher").get_to(model.publisher);
    json.at("released").get_to(model.released);
    json.at("parameters").get_to(model.parameters);
    if (!json.at("active_parameters").is_null())
        json.at("active_parameters").get_to(model.activeParameters);
    json.at("licence").get_to(model.licence);
    json.at("context").get_to(model.context);
    json.at("tokenizer").get_to(model.tokenizer);
    json.at("quirks").get_to(model.quirks);
    json.at("source").get_to(model.source);
    return model;
}

} // namespace

const KnownModels &KnownModels::shipped()
{
    static const KnownModels table = [] {
        auto parsed = parse(kKnownModelsText);
        if (!parsed)
            std::abort(); // a test reads the table, so that no build with another one is made
        return std::move(*parsed);
    }();
    return table;
}

Result<KnownModels> KnownModels::parse(std::string_view json)
{
    try {
        const auto document = nlohmann::json::parse(json);
        if (document.at("version") != kVersion)
            return Error{ErrorCode::InvalidArgument, "The table of models is of another version.", "version"};
        KnownModels table;
        for (const auto &row : document.at("models"))
            table.m_models.push_back(rowOf(row));
        return table;
    } catch (const nlohmann::json::exception &error) {
        return Error{ErrorCode::InvalidArgument, "The table of models cannot be read.", error.what()};
    }
}

std::optional<KnownMatch> KnownModels::find(const ModelDescription &model) const
{
    for (const KnownModel &row : m_models) {
        if (!model.sha256.empty() && std::find(row.sha256.begin(), row.sha256.end(), model.sha256) != row.sha256.end())
            return KnownMatch{row, true};
    }
    const std::string name = plainName(model.name);
    const std::string baseName = model.facts ? plainName(model.facts->baseName) : std::string();
    for (const KnownModel &row : m_models) {
        for (const std::string &known : row.names) {
            const std::string plain = plainName(known);
            if (plain == name || plain == baseName)
                return KnownMatch{row, false};
        }
    }
    return std::nullopt;
}

} // namespace tramontane::catalog
