// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/model_json.h"

#include "app/core/clock.h"
#include "app/main/ctl/table.h"

#include <QLocale>

namespace tramontane::ctl {
namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

std::string count(std::int64_t value)
{
    return QLocale::c().toString(qint64(value)).toStdString();
}

} // namespace

const char *kindName(ModelKind kind)
{
    return kind == ModelKind::Embedding ? "embedding" : "chat";
}

QJsonObject modelJson(const ModelRef &model)
{
    const ModelDescription &d = model.description;
    const bool catalogued = !model.id.isNull();
    return {{"id", catalogued ? QJsonValue(text(model.id.text())) : QJsonValue()},
            {"name", text(d.name)},
            {"kind", kindName(d.kind)},
            {"architecture", text(d.architecture)},
            {"quantisation", text(d.quantisation)},
            {"licence", text(d.licence)},
            {"sha256", text(d.sha256)},
            {"bytes", qint64(d.fileBytes)},
            {"parameters", qint64(d.parameters)},
            {"context_tokens", d.contextLength},
            {"layers", d.layers},
            {"embedding_length", d.embeddingLength},
            {"vocabulary", d.vocabulary},
            {"has_template", d.hasTemplate},
            {"path", text(model.path)},
            {"imported", catalogued ? QJsonValue(text(rfc3339(model.importedMs))) : QJsonValue()}};
}

std::string modelText(const ModelRef &model)
{
    const ModelDescription &d = model.description;
    return properties({{"Name", d.name},
                       {"Id", model.id.isNull() ? "" : model.id.text()},
                       {"Kind", kindName(d.kind)},
                       {"Architecture", d.architecture},
                       {"Quantisation", d.quantisation},
                       {"Licence", d.licence.empty() ? "the file does not say" : d.licence},
                       {"Parameters", count(d.parameters)},
                       {"Context", count(d.contextLength) + " tokens"},
                       {"Layers", count(d.layers)},
                       {"Vocabulary", count(d.vocabulary)},
                       {"Chat template", d.hasTemplate ? "yes" : "no"},
                       {"Size", fileSize(d.fileBytes)},
                       {"SHA-256", d.sha256},
                       {"File", model.path},
                       {"Imported", model.id.isNull() ? "" : shortTime(model.importedMs)}});
}

} // namespace tramontane::ctl
