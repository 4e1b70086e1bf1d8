// SPDX-License-Identifier: Apache-2.0
#include "app/services/context_plan.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace tramontane {

ContextPlan planContext(const std::string &systemPrompt, const std::vector<Message> &thread)
{
    ContextPlan plan;
    plan.systemPrompt = systemPrompt;
    if (!systemPrompt.empty())
        plan.turns.push_back({Role::System, systemPrompt});
    for (const Message &message : thread) {
        std::string text = plainText(message);
        if (text.empty())
            continue;
        plan.messages.push_back(message.id);
        if (!plan.turns.empty() && plan.turns.back().role == message.role)
            plan.turns.back().text += "\n\n" + text;
        else
            plan.turns.push_back({message.role, std::move(text)});
    }
    return plan;
}

int answerReserve(int maxTokens, int contextTokens)
{
    return std::max(1, std::min(maxTokens, contextTokens / 4));
}

Status checkFits(const PromptSize &size, int maxTokens)
{
    if (size.promptTokens < 0 || size.contextTokens < 1)
        return Error{ErrorCode::EngineProtocol, "Not sent: the engine counted the conversation wrongly. Try again.",
                     "impossible size of a prompt"};
    const int reserve = answerReserve(maxTokens, size.contextTokens);
    if (std::int64_t{size.promptTokens} + reserve <= size.contextTokens)
        return {};
    return Error{ErrorCode::ContextFull,
                 "Not sent: the conversation needs " + std::to_string(size.promptTokens) + " tokens and "
                     + std::to_string(reserve) + " are kept free for the answer, but the context holds "
                     + std::to_string(size.contextTokens)
                     + ". Shorten the question, begin a new conversation, or load the model with a larger context.",
                 {}};
}

std::string contextJson(const ContextPlan &plan, const PromptSize &size, int maxTokens)
{
    QJsonArray messages;
    for (const MessageId &id : plan.messages)
        messages.append(QString::fromStdString(id.text()));
    QJsonObject context{{"messages", messages},
                        {"prompt_tokens", size.promptTokens},
                        {"reserve_tokens", answerReserve(maxTokens, size.contextTokens)},
                        {"context_tokens", size.contextTokens}};
    if (!plan.systemPrompt.empty()) {
        const QByteArray prompt = QByteArray::fromStdString(plan.systemPrompt);
        context.insert("system_prompt_sha256",
                       QString::fromLatin1(QCryptographicHash::hash(prompt, QCryptographicHash::Sha256).toHex()));
    }
    return QJsonDocument(context).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace tramontane
