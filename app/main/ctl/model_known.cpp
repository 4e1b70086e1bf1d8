// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/model_known.h"

#include "app/main/ctl/table.h"
#include "inference/catalog/known_models.h"

#include <QJsonArray>

namespace tramontane::ctl {
namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

void addKnown(QJsonObject &json, const ModelDescription &model)
{
    const auto match = catalog::KnownModels::shipped().find(model);
    if (!match) {
        json.insert("known", QJsonValue());
        return;
    }
    const catalog::KnownModel &known = match->model;
    QJsonArray quirks;
    for (const std::string &quirk : known.quirks)
        quirks.append(text(quirk));
    json.insert("known",
                QJsonObject{{"id", text(known.id)},
                            {"found_by", match->byHash ? "sha256" : "name"},
                            {"publisher", text(known.publisher)},
                            {"released", text(known.released)},
                            {"parameters", text(known.parameters)},
                            {"active_parameters",
                             known.activeParameters.empty() ? QJsonValue() : QJsonValue(text(known.activeParameters))},
                            {"licence", text(known.licence)},
                            {"context_tokens", known.context},
                            {"tokenizer", text(known.tokenizer)},
                            {"quirks", quirks},
                            {"source", text(known.source)}});
}

std::string knownText(const ModelDescription &model)
{
    const auto match = catalog::KnownModels::shipped().find(model);
    if (!match)
        return {};
    const catalog::KnownModel &known = match->model;
    std::vector<std::pair<std::string, std::string>> lines{
        {"Known as",
         known.id + (match->byHash ? " (by its SHA-256)" : " (by the name in the file, which proves nothing)")},
        {"Publisher", known.publisher + ", " + known.released},
        {"Published licence", known.licence},
    };
    for (const std::string &quirk : known.quirks)
        lines.emplace_back("Note", quirk);
    lines.emplace_back("Source of this", known.source);
    return properties(lines);
}

} // namespace tramontane::ctl
