// SPDX-License-Identifier: Apache-2.0
#include "app/services/model_lookup.h"

#include <QString>

#include <algorithm>

namespace tramontane {
namespace {

constexpr qsizetype kShortestHash = 4;

std::string names(const std::vector<ModelRef> &models)
{
    std::string out;
    for (const ModelRef &model : models) {
        if (!out.empty())
            out += ", ";
        out += model.description.name + " (" + model.description.sha256.substr(0, 8) + ")";
    }
    return out;
}

template <class Fits>
std::vector<ModelRef> matching(const std::vector<ModelRef> &models, Fits fits)
{
    std::vector<ModelRef> found;
    std::copy_if(models.begin(), models.end(), std::back_inserter(found), fits);
    return found;
}

} // namespace

Error notInCatalogue()
{
    return Error{ErrorCode::ModelNotFound, "This model is not in the catalogue. Import its file first.", {}};
}

Result<ModelRef> findModel(const std::vector<ModelRef> &models, const std::string &text)
{
    if (models.empty())
        return Error{ErrorCode::ModelNotFound, "There is no model in the catalogue. Import a GGUF file first.", {}};
    const QString wanted = QString::fromStdString(text).trimmed();
    const auto name = [](const ModelRef &model) { return QString::fromStdString(model.description.name); };
    const auto beginsWith = [&](const ModelRef &model) {
        const QString hash = QString::fromStdString(model.description.sha256);
        return name(model).startsWith(wanted, Qt::CaseInsensitive)
               || (wanted.size() >= kShortestHash && hash.startsWith(wanted, Qt::CaseInsensitive));
    };
    std::vector<ModelRef> found = matching(models, [&](const ModelRef &model) {
        return model.id.text() == wanted.toLower().toStdString()
               || model.description.sha256 == wanted.toLower().toStdString();
    });
    if (found.empty())
        found = matching(models, [&](const ModelRef &m) { return name(m).compare(wanted, Qt::CaseInsensitive) == 0; });
    if (found.empty() && !wanted.isEmpty())
        found = matching(models, beginsWith);
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return Error{
            ErrorCode::ModelNotFound, "No model in the catalogue is called that. There is: " + names(models) + ".", {}};
    return Error{ErrorCode::ModelNotFound,
                 "More than one model fits: " + names(found)
                     + ". Give more of the name, or the beginning of the SHA-256.",
                 {}};
}

} // namespace tramontane
