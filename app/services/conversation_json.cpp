// SPDX-License-Identifier: Apache-2.0
#include "app/services/conversation_json.h"

#include "app/core/clock.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tramontane {
namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

QJsonValue idOrNull(const Uuid &id)
{
    return id.isNull() ? QJsonValue() : QJsonValue(text(id.text()));
}

QJsonObject parsed(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

} // namespace

QJsonObject toJson(const Conversation &conversation)
{
    QJsonObject object{{"id", text(conversation.id.text())},
                       {"folder", idOrNull(conversation.folder.uuid())},
                       {"title", text(conversation.title)},
                       {"system_prompt", text(conversation.systemPrompt)},
                       {"created", text(rfc3339(conversation.createdMs))},
                       {"updated", text(rfc3339(conversation.updatedMs))},
                       {"pinned", conversation.pinned}};
    if (conversation.deletedMs)
        object.insert("deleted", text(rfc3339(*conversation.deletedMs)));
    return object;
}

QJsonObject toJson(const Message &message)
{
    QJsonArray blocks;
    for (const Block &block : message.blocks) {
        QJsonObject json{{"kind", text(blockKindName(block.kind))}, {"text", text(block.text)}};
        if (!block.detail.empty())
            json.insert("detail", text(block.detail));
        blocks.append(json);
    }
    return {{"id", text(message.id.text())},
            {"parent", idOrNull(message.parent.uuid())},
            {"role", text(roleName(message.role))},
            {"state", text(messageStateName(message.state))},
            {"created", text(rfc3339(message.createdMs))},
            {"versions", message.versions},
            {"blocks", blocks}};
}

QJsonObject toJson(const Usage &usage)
{
    return {{"prompt_tokens", usage.promptTokens},
            {"answer_tokens", usage.answerTokens},
            {"first_token_ms", qint64(usage.firstTokenMs)},
            {"total_ms", qint64(usage.totalMs)},
            {"tokens_per_second", usage.tokensPerSecond}};
}

QJsonObject computationJson(const Usage &usage)
{
    return {{"prompt_reused", usage.promptReused},
            {"prompt_computed", usage.promptComputed},
            {"drafted", usage.drafted},
            {"draft_accepted", usage.draftAccepted},
            {"queued_ms", qint64(usage.queuedMs)}};
}

QJsonArray toJson(const std::vector<TokenLogprob> &logprobs)
{
    const auto chance = [](const TokenChance &token) {
        return QJsonObject{{"token", token.token}, {"text", text(token.bytes)}, {"logprob", token.logprob}};
    };
    QJsonArray list;
    for (const TokenLogprob &token : logprobs) {
        QJsonObject json = chance(token.chosen);
        QJsonArray others;
        for (const TokenChance &other : token.alternatives)
            others.append(chance(other));
        json.insert("alternatives", others);
        list.append(json);
    }
    return list;
}

QJsonObject toJson(const Provenance &provenance)
{
    return {
        {"model", text(provenance.modelName)},
        {"model_sha256", text(provenance.modelSha256)},
        {"quantisation", text(provenance.quantisation)},
        {"template_sha256", text(provenance.templateSha256)},
        {"parameters", parsed(provenance.parametersJson)},
        {"mode", parsed(provenance.modeJson)},
        {"context", parsed(provenance.contextJson)},
        {"device", text(provenance.device)},
        {"layers_on_device", provenance.layersOnDevice},
        {"layers_total", provenance.layersTotal},
        {"engine", text(provenance.engineBuild)},
        {"policy_sha256", text(provenance.policySha256)},
        {"usage", toJson(provenance.usage)},
        {"energy_mj", provenance.energyMilliJoule ? QJsonValue(qint64(*provenance.energyMilliJoule)) : QJsonValue()}};
}

} // namespace tramontane
