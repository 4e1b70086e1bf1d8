// SPDX-License-Identifier: Apache-2.0
#include "app/services/answer_provenance.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace tramontane {
namespace {

// QJsonObject keeps its keys sorted and writes the shortest form of a number that reads back equal.
std::string compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace

std::string parametersJson(const SamplingParameters &sampling, const AnswerShape &shape, std::uint32_t usedSeed)
{
    QJsonArray stop;
    for (const std::string &text : sampling.stop)
        stop.append(QString::fromStdString(text));
    QJsonObject json{{"temperature", sampling.temperature},
                     {"top_p", sampling.topP},
                     {"top_k", sampling.topK},
                     {"min_p", sampling.minP},
                     {"repeat_penalty", sampling.repeatPenalty},
                     {"seed", qint64(usedSeed)},
                     {"max_tokens", sampling.maxTokens},
                     {"stop", stop}};
    if (!sampling.grammar.empty())
        json.insert("grammar", QString::fromStdString(sampling.grammar));
    if (!shape.jsonSchema.empty())
        json.insert("json_schema", QString::fromStdString(shape.jsonSchema));
    if (!shape.reasoningEffort.empty())
        json.insert("reasoning_effort", QString::fromStdString(shape.reasoningEffort));
    QJsonArray tools;
    for (const ToolDefinition &tool : shape.tools)
        tools.append(QString::fromStdString(tool.name));
    if (!tools.isEmpty())
        json.insert("tools", tools);
    return compact(json);
}

std::string modeJson(const LoadedModel &loaded, bool deterministic, const std::vector<AdapterScale> &adapters)
{
    QJsonObject json{{"context_tokens", loaded.contextTokens},
                     {"threads", loaded.threads},
                     {"batch_tokens", loaded.batchTokens},
                     {"ubatch_tokens", loaded.ubatchTokens},
                     {"flash_attention", loaded.flashAttention},
                     {"kv_type_k", QString::fromStdString(loaded.kvTypeK)},
                     {"kv_type_v", QString::fromStdString(loaded.kvTypeV)},
                     {"device", QString::fromStdString(loaded.device)},
                     {"deterministic", deterministic}};
    QJsonArray list;
    for (const AdapterScale &adapter : adapters)
        list.append(QJsonObject{{"sha256", QString::fromStdString(adapter.sha256)}, {"scale", adapter.scale}});
    if (!list.isEmpty())
        json.insert("adapters", list);
    if (!loaded.projector.empty()) {
        json.insert("projector", QString::fromStdString(loaded.projector));
        json.insert("projector_sha256", QString::fromStdString(loaded.projectorSha256));
    }
    return compact(json);
}

std::string withEnergy(const std::string &mode, const EnergyUse &use, std::int64_t gramsPerKilowattHour)
{
    QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(mode)).object();
    if (use.milliJoule)
        json.insert("energy_source", QString::fromStdString(use.source));
    else
        json.insert("energy_not_measured", QString::fromStdString(use.notMeasured));
    if (const auto co2 = co2Milligrams(use, gramsPerKilowattHour))
        json.insert("co2e_mg", *co2);
    return compact(json);
}

Provenance answerProvenance(const ModelDescription &model, const LoadedModel &loaded, const GenerationRequest &request,
                            const GenerationResult &result)
{
    Provenance provenance;
    provenance.modelName = model.name;
    provenance.modelSha256 = model.sha256;
    provenance.quantisation = model.quantisation;
    provenance.templateSha256 = loaded.templateSha256;
    provenance.parametersJson = parametersJson(request.sampling, request.shape, result.seed);
    provenance.modeJson = modeJson(loaded, request.deterministic, request.adapters);
    provenance.device = loaded.device;
    provenance.layersOnDevice = loaded.layersOnDevice;
    provenance.layersTotal = loaded.layersTotal;
    provenance.engineBuild = loaded.engineBuild;
    provenance.usage = result.usage;
    return provenance;
}

} // namespace tramontane
