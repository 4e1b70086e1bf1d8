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

/// Whether the engine goes back in a conversation by what it kept at some tokens (checkpoints.h of the engine).
bool keepsCheckpoints(const ModelFacts &facts)
{
    return facts.slidingWindow > 0 || facts.memory == "recurrent" || facts.memory == "hybrid";
}

/// How a conversation goes back to an earlier place.
std::string memoryText(const ModelFacts &facts)
{
    if (facts.memory == "recurrent")
        return "checkpoints (recurrent model: what it remembers cannot be cut)";
    if (facts.memory == "hybrid")
        return "checkpoints (some layers are recurrent: what they remember cannot be cut)";
    if (facts.slidingWindow > 0)
        return "checkpoints (sliding window: some layers forget what is more than " + count(facts.slidingWindow)
               + " tokens back)";
    return facts.memoryCanBeCut ? "can be cut at any token" : "none (" + facts.memory + " model)";
}

/// What takes back its guesses.
std::string guessingText(const ModelFacts &facts)
{
    return facts.memory == "recurrent" || facts.memory == "hybrid" ? "no: a wrong guess could not be taken back" : "";
}

QJsonObject factsJson(const ModelFacts &facts)
{
    return {{"base_name", text(facts.baseName)},
            {"weight_type", text(facts.weightType)},
            {"tokenizer", text(facts.tokenizer)},
            {"tokenizer_variant", text(facts.tokenizerVariant)},
            {"template_sha256", facts.templateSha256.empty() ? QJsonValue() : QJsonValue(text(facts.templateSha256))},
            {"pooling", text(facts.pooling)},
            {"memory", text(facts.memory)},
            {"memory_can_be_cut", facts.memoryCanBeCut},
            {"prefix_reuse", keepsCheckpoints(facts) ? "checkpoints"
                             : facts.memoryCanBeCut  ? "any"
                                                     : "none"},
            {"sliding_window", facts.slidingWindow},
            {"heads", facts.heads},
            {"kv_heads", facts.kvHeads},
            {"experts", facts.experts},
            {"experts_used", facts.expertsUsed},
            {"tensors", facts.tensors},
            {"files", facts.files},
            {"projector", facts.projector.empty() ? QJsonValue() : QJsonValue(text(facts.projector))},
            {"gguf_version", facts.ggufVersion},
            {"adapter_rank", facts.adapterRank}};
}

std::string factsText(const ModelFacts &facts)
{
    const std::string heads = count(facts.heads) + " heads, " + count(facts.kvHeads) + " for keys and values";
    if (!facts.projector.empty())
        return properties({{"Projector", facts.projector + ", for images"}, {"Tensors", count(facts.tensors)}});
    return properties(
        {{"Tokenizer", facts.tokenizer + (facts.tokenizerVariant.empty() ? "" : ", " + facts.tokenizerVariant)},
         {"Attention", facts.heads > 0 ? heads : ""},
         {"Experts", facts.experts > 0 ? count(facts.expertsUsed) + " of " + count(facts.experts) : ""},
         {"Pooling", facts.pooling == "none" ? "" : facts.pooling},
         {"Memory", memoryText(facts)},
         {"Guesses tokens", guessingText(facts)},
         {"Tensors", count(facts.tensors)},
         {"Files", facts.files > 1 ? count(facts.files) : ""}});
}

/// What is of interest of a file that only changes a model.
std::string adapterText(const ModelRef &model)
{
    const ModelDescription &d = model.description;
    const ModelFacts facts = d.facts.value_or(ModelFacts{});
    return properties({{"Name", d.name},
                       {"Kind", "adapter (LoRA), to be named with chat --adapter"},
                       {"For", d.architecture + (facts.baseName.empty() ? "" : ", " + facts.baseName)},
                       {"Rank", count(facts.adapterRank)},
                       {"Quantisation", d.quantisation},
                       {"Licence", d.licence.empty() ? "the file does not say" : d.licence},
                       {"Parameters", count(d.parameters)},
                       {"Tensors", count(facts.tensors)},
                       {"Size", fileSize(d.fileBytes)},
                       {"SHA-256", d.sha256},
                       {"File", model.path}});
}

} // namespace

QJsonObject modelJson(const ModelRef &model)
{
    const ModelDescription &d = model.description;
    const bool catalogued = !model.id.isNull();
    QJsonObject json{{"id", catalogued ? QJsonValue(text(model.id.text())) : QJsonValue()},
                     {"name", text(d.name)},
                     {"kind", text(std::string(modelKindName(d.kind)))},
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
                     {"imported", catalogued ? QJsonValue(text(rfc3339(model.importedMs))) : QJsonValue()},
                     {"quarantine", model.quarantine.empty() ? QJsonValue() : QJsonValue(text(model.quarantine))}};
    if (d.facts)
        json.insert("facts", factsJson(*d.facts));
    return json;
}

std::string modelText(const ModelRef &model)
{
    const ModelDescription &d = model.description;
    if (d.kind == ModelKind::Adapter)
        return adapterText(model);
    if (d.kind == ModelKind::Projector) {
        return properties(
                   {{"Name", d.name},
                    {"Kind", "vision projector: lets a chat model see images; name it with chat --projector"},
                    {"For models of", d.embeddingLength > 0 ? "embedding length " + count(d.embeddingLength) : ""},
                    {"Quantisation", d.quantisation},
                    {"Licence", d.licence.empty() ? "the file does not say" : d.licence},
                    {"Size", fileSize(d.fileBytes)},
                    {"SHA-256", d.sha256},
                    {"File", model.path}})
               + (d.facts ? factsText(*d.facts) : std::string());
    }
    return properties({{"Name", d.name},
                       {"Id", model.id.isNull() ? "" : model.id.text()},
                       {"Kind", std::string(modelKindName(d.kind))},
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
                       {"Imported", model.id.isNull() ? "" : shortTime(model.importedMs)},
                       {"Set aside", model.quarantine}})
           + (d.facts ? factsText(*d.facts) : std::string());
}

} // namespace tramontane::ctl
