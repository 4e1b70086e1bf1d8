// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/inspect.h"

#include "inference/catalog/adapter_checks.h"
#include "inference/catalog/projector.h"
#include "inference/engine/device/devices.h"
#include "inference/engine/model/model_errors.h"
#include "inference/engine/model/model_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tramontane::engine {

namespace {

std::string dump(const nlohmann::json &json)
{
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Whether llama.cpp knows the architecture and finds every tensor in the shape that it needs. What it says of the
/// model's memory goes before what the keys say: some architectures ignore them.
Status tryToUnderstand(const ModelFile &file, ModelFacts &facts)
{
    llama_model_params parameters = llama_model_default_params();
    parameters.no_alloc = true;
    parameters.load_mode = LLAMA_LOAD_MODE_NONE;
    const ModelHandle model = file.load(parameters);
    if (!model)
        return modelUnsupported("llama.cpp cannot load it");
    facts.slidingWindow = std::max(0, llama_model_n_swa(model.get()));
    facts.memoryCanBeCut = facts.memory == "attention" && facts.slidingWindow == 0;
    return {};
}

nlohmann::json factsJson(const ModelFacts &facts)
{
    return {{"baseName", facts.baseName},
            {"weightType", facts.weightType},
            {"tokenizer", facts.tokenizer},
            {"tokenizerVariant", facts.tokenizerVariant},
            {"templateSha256", facts.templateSha256},
            {"pooling", facts.pooling},
            {"memory", facts.memory},
            {"memoryCanBeCut", facts.memoryCanBeCut},
            {"slidingWindow", facts.slidingWindow},
            {"heads", facts.heads},
            {"kvHeads", facts.kvHeads},
            {"experts", facts.experts},
            {"expertsUsed", facts.expertsUsed},
            {"tensors", facts.tensors},
            {"files", facts.files},
            {"projector", facts.projector},
            {"ggufVersion", facts.ggufVersion},
            {"adapterRank", facts.adapterRank}};
}

} // namespace

Result<ModelDescription> inspectModel(const std::string &path)
{
    if (const auto checked = checkBackends(); !checked)
        return checked.error();
    const auto file = ModelFile::open(path);
    if (!file)
        return file.error();
    const auto headers = file->headers();
    if (!headers)
        return headers.error();
    auto description = catalog::isAdapter(headers->front())     ? file->describeAdapter()
                       : catalog::isProjector(headers->front()) ? file->describeProjector()
                                                                : file->describe();
    if (!description)
        return description.error();
    // What llama.cpp makes of an adapter or a projector shows only beside its model.
    const bool alone = description->kind != ModelKind::Adapter && description->kind != ModelKind::Projector;
    if (const auto understood = alone ? tryToUnderstand(*file, *description->facts) : Status(); !understood)
        return understood.error();
    auto sha256 = file->sha256([](double) { return true; });
    if (!sha256)
        return sha256.error();
    description->sha256 = std::move(*sha256);
    return description;
}

std::string descriptionJson(const ModelDescription &model)
{
    nlohmann::json json = {{"name", model.name},
                           {"architecture", model.architecture},
                           {"quantisation", model.quantisation},
                           {"licence", model.licence},
                           {"sha256", model.sha256},
                           {"kind", modelKindName(model.kind)},
                           {"fileBytes", model.fileBytes},
                           {"parameters", model.parameters},
                           {"contextLength", model.contextLength},
                           {"layers", model.layers},
                           {"embeddingLength", model.embeddingLength},
                           {"vocabulary", model.vocabulary},
                           {"hasTemplate", model.hasTemplate}};
    if (model.facts)
        json["facts"] = factsJson(*model.facts);
    return dump(json);
}

std::string errorJson(const Error &error)
{
    return dump({{"error", {{"code", errorName(error.code)}, {"message", error.message}, {"detail", error.detail}}}});
}

} // namespace tramontane::engine
